import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { GEMINI_BASE, GEMINI_EXAMPLES } from '../../../../test/support/gemini-field-examples.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { FieldRow } from '../field-table.ts';
import { decode } from './decode.ts';
import { GEMINI_FIELDS } from './field-table.ts';

function check(row: FieldRow, body: JsonObject): void {
  const path = { model: 'm', stream: row.field.startsWith(':stream') };
  if ('treatment' in row && row.treatment === 'refused') {
    assert.throws(
      () => decode(body, path),
      (error) => {
        assert.ok(error instanceof GatewayError && error.code === 'capability_unsupported', String(error));
        assert.ok(error.message.includes(`${row.says}.`), error.message);
        assert.ok(error.message.includes(`\`${error.param}\``), error.message);
        return true;
      },
    );
    return;
  }
  const { fields, notes } = decode(body, path);
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
    Object.keys(GEMINI_EXAMPLES),
    GEMINI_FIELDS.map(({ field }) => field),
  );
  for (const row of GEMINI_FIELDS) {
    try {
      check(row, { ...GEMINI_BASE, ...GEMINI_EXAMPLES[row.field] });
    } catch (cause) {
      throw new Error(`${row.field}: ${String(cause)}`, { cause });
    }
  }
});

/** There is no OpenAPI document of this API: the types of its SDK say what fields there are. */
const TYPES = readFileSync(new URL('../genai.d.ts', import.meta.resolve('@google/genai')), 'utf8');

function fieldsOf(type: string): string[] {
  const body = new RegExp(`^export declare (?:interface|class) ${type} \\{$(.*?)^\\}`, 'ms').exec(TYPES)?.[1] ?? '';
  const fields = [...body.matchAll(/^ {4}(\w+)\?:/gm)].map(([, name = '']) => name);
  assert.ok(fields.length > 1, type);
  return fields;
}

/** What the SDK keeps for itself, and what stands under another name on the wire. */
const NOT_SENT = new Set([
  'httpOptions',
  'abortSignal',
  'automaticFunctionCalling',
  'automaticContinuation',
  'modelArmorConfig',
  'generationOutputConfig',
]);
/** Fields of Google's own tools, which are refused whatever they are. */
const BUILT_IN = new Set(fieldsOf('Tool').filter((name) => name !== 'functionDeclarations'));

test("every field of the SDK's types is in the table", () => {
  const table = GEMINI_FIELDS.map(({ field }) => field).join('\n');
  const types = [
    'GenerateContentConfig',
    'GenerationConfig',
    'Part',
    'FunctionResponse',
    'FunctionDeclaration',
    'ToolConfig',
    'FunctionCallingConfig',
    'ThinkingConfig',
  ];
  // Parts of the field itself, which any provider has.
  const own = new Set(['id', 'name', 'description', 'tools', 'toolConfig', 'thinkingConfig', 'functionCallingConfig']);
  const missing = types
    .flatMap(fieldsOf)
    .filter((name) => !NOT_SENT.has(name) && !BUILT_IN.has(name) && !own.has(name))
    .filter((name) => !new RegExp(`\\b${name}\\b`).test(table));
  assert.deepEqual(missing, []);
});
