import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { OPENAI_BASE, OPENAI_EXAMPLES } from '../../../../test/support/openai-field-examples.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { FieldRow } from '../field-table.ts';
import { decode } from './decode.ts';
import { OPENAI_FIELDS } from './field-table.ts';

function check(row: FieldRow, body: JsonObject): void {
  if ('treatment' in row && row.treatment === 'refused') {
    assert.throws(
      () => decode(body),
      (error) => {
        assert.ok(error instanceof GatewayError && error.code === 'capability_unsupported');
        assert.equal(error.message, `\`${error.param}\` ${row.says}.`);
        return true;
      },
    );
    return;
  }
  const { fields, notes } = decode(body);
  if ('features' in row) for (const feature of row.features) assert.ok(fields[feature], `${feature} is not recorded`);
  const losses = notes.map((note) => note.says);
  assert.deepEqual(losses, 'treatment' in row && row.treatment === 'approximated' ? [row.says] : []);
}

test('promise 2: every field of the table is decoded as the table says', () => {
  assert.deepEqual(
    Object.keys(OPENAI_EXAMPLES),
    OPENAI_FIELDS.map(({ field }) => field),
  );
  for (const row of OPENAI_FIELDS) {
    try {
      check(row, { ...OPENAI_BASE, ...OPENAI_EXAMPLES[row.field] });
    } catch (cause) {
      throw new Error(`${row.field}: ${String(cause)}`, { cause });
    }
  }
});

const ROOT = resolve(import.meta.dirname, '..', '..', '..', '..');
const DATA = process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data');
const DOCUMENT = resolve(ROOT, DATA, 'specs', 'openai-openapi', 'openapi.yaml');
const missing = existsSync(DOCUMENT) ? false : `no OpenAPI document of OpenAI in ${DATA}`;

type Schemas = Readonly<Record<string, JsonObject>>;

/** The names of all properties of a schema, of what it refers to and of what it is put together of. */
function properties(schema: Json | undefined, schemas: Schemas): string[] {
  if (!isJsonObject(schema)) return [];
  const reference = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
  if (reference !== undefined) return properties(schemas[reference], schemas);
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  return [...Object.keys(schema['properties'] ?? {}), ...parts.flatMap((part) => properties(part, schemas))];
}

test("every field, part and role of OpenAI's OpenAPI document is in the table", { skip: missing }, () => {
  const document = parse(readFileSync(DOCUMENT, 'utf8')) as { components: { schemas: Schemas } };
  const { schemas } = document.components;
  const names = OPENAI_FIELDS.map(({ field }) => field);
  const top = new Set(names.map((name) => /^\w+/.exec(name)?.[0]));
  const fields = properties(schemas['CreateChatCompletionRequest'], schemas);
  assert.ok(fields.length > 35, `found ${fields.length}`);
  assert.deepEqual(
    fields.filter((field) => !top.has(field)),
    [],
  );
  const parts = { Text: 'text', Image: 'image_url', Audio: 'input_audio', File: 'file', Refusal: 'refusal' };
  const partSchemas = Object.keys(schemas).filter((name) => /^ChatCompletionRequestMessageContentPart\w+$/.test(name));
  assert.deepEqual(
    partSchemas.map((name) => name.replace('ChatCompletionRequestMessageContentPart', '')).toSorted(),
    Object.keys(parts).toSorted(),
  );
  for (const part of Object.values(parts))
    assert.ok(
      names.some((name) => name.includes(`content[${part}]`)),
      part,
    );
  for (const field of properties(schemas['ChatCompletionRequestAssistantMessage'], schemas)) {
    const isKnown = ['role', 'content', 'name'].includes(field);
    assert.ok(isKnown || names.some((name) => name.startsWith(`messages[assistant].${field}`)), field);
  }
});
