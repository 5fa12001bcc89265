import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { NO_NEEDS, type Needs } from '../../../core/inference/needs.ts';
import type { JsonObject } from '../../../core/json.ts';
import { readNeeds } from './needs.ts';

const IMAGE = { inlineData: { mimeType: 'image/png', data: '' } };
const CALL = { functionCall: { name: 'f' } };

function user(...parts: JsonObject[]): JsonObject {
  return { contents: [{ role: 'user', parts }] };
}

function config(generationConfig: JsonObject): JsonObject {
  return { generationConfig };
}

const TABLE: readonly (readonly [JsonObject, Partial<Needs>])[] = [
  [{}, {}],
  [config({ maxOutputTokens: 7 }), { outputTokens: 7 }],
  [{ generation_config: { max_output_tokens: 7 } }, { outputTokens: 7 }],
  [{ tools: [] }, {}],
  [{ tools: [{ functionDeclarations: [] }] }, { tools: true }],
  [{ contents: [{ role: 'model', parts: [CALL, CALL] }, { role: 'user' }] }, { parallelTools: true }],
  [{ contents: [{ role: 'model', parts: [CALL] }] }, { prefill: true }],
  [user(IMAGE), { vision: true }],
  [user({ inline_data: { mime_type: 'image/png' } }), { vision: true }],
  [{ contents: { parts: IMAGE } }, { vision: true }],
  [user({ functionResponse: { parts: [IMAGE] } }), { vision: true }],
  [user({ fileData: { mimeType: 'application/pdf', fileUri: 'u' } }), { documents: true }],
  [user({ inlineData: { mimeType: 'audio/wav' } }), { audioInput: true }],
  [user({ inlineData: { mimeType: 'text/plain' } }), {}],
  [config({ responseModalities: ['AUDIO'] }), { audioOutput: true }],
  [config({ responseSchema: {} }), { jsonSchema: true }],
  [config({ responseJsonSchema: {} }), { jsonSchema: true }],
  [config({ thinkingConfig: { thinkingBudget: -1 } }), { reasoning: true }],
  [config({ thinkingConfig: { thinkingLevel: 'low' } }), { reasoning: true }],
  [config({ thinkingConfig: { thinkingBudget: 0 } }), {}],
  [config({ thinkingConfig: { includeThoughts: true } }), {}],
];

test('what a body asks of its target', () => {
  for (const [body, needs] of TABLE) {
    assert.deepEqual(readNeeds(body, {}), { ...NO_NEEDS, ...needs }, JSON.stringify(body));
  }
  assert.equal(readNeeds({}, { stream: true }).streaming, true);
});

test('reading needs never throws', () => {
  const anything = fc.jsonValue();
  const parts = fc.record({ inlineData: anything, functionResponse: anything, functionCall: anything });
  const body = fc.record(
    {
      contents: fc.oneof(anything, fc.array(fc.record({ role: anything, parts: fc.oneof(anything, fc.array(parts)) }))),
      tools: anything,
      generationConfig: fc.oneof(
        anything,
        fc.record({ thinkingConfig: anything, responseModalities: anything, responseSchema: anything }),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(body, (value) => assert.equal(typeof readNeeds(value as JsonObject, {}).tools, 'boolean')));
});
