import assert from 'node:assert/strict';
import { test } from 'node:test';

import { documentMissing, namedSchema } from '../../../../test/support/openapi-validator.ts';
import {
  PUT_IN_BEFORE,
  RESPONSES_BASE,
  RESPONSES_EXAMPLES,
} from '../../../../test/support/responses-field-examples.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { FieldRow } from '../field-table.ts';
import { decode } from './decode.ts';
import { RESPONSES_FIELDS } from './field-table.ts';

function check(row: FieldRow, body: JsonObject): void {
  if (PUT_IN_BEFORE.has(row.field)) {
    assert.throws(() => decode(body), { code: 'request_invalid', message: /is not kept here/ });
    return;
  }
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
    Object.keys(RESPONSES_EXAMPLES),
    RESPONSES_FIELDS.map(({ field }) => field),
  );
  for (const row of RESPONSES_FIELDS) {
    try {
      check(row, { ...RESPONSES_BASE, ...RESPONSES_EXAMPLES[row.field] });
    } catch (cause) {
      throw new Error(`${row.field}: ${String(cause)}`, { cause });
    }
  }
});

const missing = documentMissing('openai');

function refersTo(schema: Json | undefined): string | undefined {
  const reference = isJsonObject(schema) ? schema['$ref'] : undefined;
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
}

function schemaNamed(name: string): Json | undefined {
  return namedSchema('openai', name) as Json | undefined;
}

/** The names of all properties of a schema, of what it refers to and of what it is put together of. */
function properties(schema: Json | undefined): string[] {
  if (!isJsonObject(schema)) return [];
  const reference = refersTo(schema);
  if (reference !== undefined) return properties(schemaNamed(reference));
  const parts = [schema['allOf'], schema['anyOf'], schema['oneOf']].flatMap((all) => (Array.isArray(all) ? all : []));
  return [...Object.keys(schema['properties'] ?? {}), ...parts.flatMap(properties)];
}

const names = RESPONSES_FIELDS.map(({ field }) => field);

test("every field of OpenAI's OpenAPI document is in the table", { skip: missing }, () => {
  const top = new Set(names.map((name) => /^\w+/.exec(name)?.[0]));
  const fields = properties(schemaNamed('CreateResponse'));
  assert.ok(fields.length > 30, `found ${fields.length}`);
  assert.deepEqual(
    fields.filter((field) => !top.has(field)),
    [],
  );
});

test(
  "every field of its options, parts and function items in OpenAI's OpenAPI document is in the table",
  { skip: missing },
  () => {
    const places: readonly (readonly [string, string, readonly string[]])[] = [
      ['Reasoning', 'reasoning.', []],
      ['ResponseTextParam', 'text.', []],
      ['ResponseStreamOptions', 'stream_options.', []],
      ['PromptCacheOptionsParam', 'prompt_cache_options.', []],
      ['InputImageContent', 'input[message].content[input_image].', ['type', 'prompt_cache_breakpoint']],
      ['InputFileContent', 'input[message].content[input_file].', ['type', 'prompt_cache_breakpoint']],
      ['FunctionToolCall', 'input[function_call].', ['id', 'type', 'call_id', 'name', 'status']],
      ['FunctionToolParam', 'tools[function].', ['type', 'name', 'description', 'parameters']],
    ];
    for (const [schema, prefix, known] of places) {
      const fields = properties(schemaNamed(schema)).filter((field) => !known.includes(field));
      assert.ok(fields.length > 0, schema);
      for (const field of fields)
        assert.ok(
          names.some((name) => name.startsWith(prefix + field)),
          prefix + field,
        );
    }
  },
);
