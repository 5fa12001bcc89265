import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { ANTHROPIC_BASE, ANTHROPIC_EXAMPLES } from '../../../../test/support/anthropic-field-examples.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { FieldRow } from '../field-table.ts';
import { decode } from './decode.ts';
import { ANTHROPIC_FIELDS } from './field-table.ts';

function check(row: FieldRow, body: JsonObject): void {
  if ('treatment' in row && row.treatment === 'refused') {
    assert.throws(
      () => decode(body),
      (error) => {
        assert.ok(error instanceof GatewayError && error.code === 'capability_unsupported');
        assert.ok(error.message.includes(`${row.says}.`), error.message);
        assert.ok(error.message.includes(`\`${error.param}\``), error.message);
        return true;
      },
    );
    return;
  }
  const { fields, notes } = decode(body);
  if ('features' in row) for (const feature of row.features) assert.ok(fields[feature], `${feature} is not recorded`);
  const losses = notes.map((note) => note.says);
  if ('treatment' in row && row.treatment === 'approximated') {
    assert.ok(
      losses.some((loss) => loss.endsWith(row.says)),
      `says ${losses.join('; ')}`,
    );
  } else assert.deepEqual(losses, []);
}

test('every field of the table is decoded as the table says', () => {
  assert.deepEqual(
    Object.keys(ANTHROPIC_EXAMPLES),
    ANTHROPIC_FIELDS.map(({ field }) => field),
  );
  for (const row of ANTHROPIC_FIELDS) {
    try {
      check(row, { ...ANTHROPIC_BASE, ...ANTHROPIC_EXAMPLES[row.field] });
    } catch (cause) {
      throw new Error(`${row.field}: ${String(cause)}`, { cause });
    }
  }
});

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly discriminator?: { readonly mapping: Readonly<Record<string, unknown>> };
}
interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const ROOT = resolve(import.meta.dirname, '..', '..', '..', '..');
const DATA = process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data');
const DOCUMENT = resolve(ROOT, DATA, 'specs', 'anthropic-openapi', 'openapi.yaml');
const missing = existsSync(DOCUMENT) ? false : `no OpenAPI document of Anthropic in ${DATA}`;

test("every field and block of Anthropic's OpenAPI document is in the table", { skip: missing }, () => {
  const { schemas } = (parse(readFileSync(DOCUMENT, 'utf8'), { maxAliasCount: -1 }) as OpenApi).components;
  const top = new Set(ANTHROPIC_FIELDS.map(({ field }) => /^\w+/.exec(field)?.[0]));
  const blocks = new Set(ANTHROPIC_FIELDS.map(({ field }) => /content\[(\w+)\]/.exec(field)?.[1]));
  for (const name of ['CreateMessageParams', 'BetaCreateMessageParams']) {
    const fields = Object.keys(schemas[name]?.properties ?? {});
    assert.ok(fields.length > 10);
    assert.deepEqual(
      fields.filter((field) => !top.has(field)),
      [],
    );
  }
  for (const name of ['InputContentBlock', 'BetaInputContentBlock']) {
    const types = Object.keys(schemas[name]?.discriminator?.mapping ?? {});
    assert.ok(types.length > 10);
    assert.deepEqual(
      types.filter((type) => !blocks.has(type)),
      [],
    );
  }
});
