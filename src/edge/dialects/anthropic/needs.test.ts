import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { NO_NEEDS, type Needs } from '../../../core/inference/needs.ts';
import type { JsonObject } from '../../../core/json.ts';
import { readNeeds } from './needs.ts';

const IMAGE = { type: 'image', source: { type: 'url', url: 'u' } };
const CALL = { type: 'tool_use', id: 'a', name: 'f', input: {} };

function user(...content: JsonObject[]): JsonObject {
  return { messages: [{ role: 'user', content }] };
}

const TABLE: readonly (readonly [JsonObject, Partial<Needs>])[] = [
  [{}, {}],
  [
    { messages: [{ role: 'user', content: 'hi' }], max_tokens: 7, stream: true },
    { outputTokens: 7, streaming: true },
  ],
  [{ tools: [] }, {}],
  [{ tools: [{ name: 'f' }] }, { tools: true }],
  [{ tool_choice: { type: 'auto', disable_parallel_tool_use: false } }, { parallelTools: true }],
  [{ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }, {}],
  [{ messages: [{ role: 'assistant', content: [CALL, CALL] }, { role: 'user' }] }, { parallelTools: true }],
  [{ messages: [{ role: 'assistant', content: [CALL] }] }, { prefill: true }],
  [user(IMAGE), { vision: true }],
  [user({ type: 'tool_result', content: [IMAGE] }), { vision: true }],
  [user({ type: 'document', source: { type: 'url' } }), { documents: true }],
  [user({ type: 'document', source: { type: 'content', content: [IMAGE] } }), { documents: true, vision: true }],
  [{ output_config: { format: { type: 'json_schema' } } }, { jsonSchema: true }],
  [{ output_config: { effort: 'low' } }, {}],
  [{ output_format: { type: 'json_schema' } }, { jsonSchema: true }],
  [{ thinking: { type: 'adaptive' } }, { reasoning: true }],
  [{ thinking: { type: 'disabled' } }, {}],
];

test('what a body asks of its target', () => {
  for (const [body, needs] of TABLE) assert.deepEqual(readNeeds(body), { ...NO_NEEDS, ...needs }, JSON.stringify(body));
});

test('reading needs never throws', () => {
  const anything = fc.jsonValue();
  const body = fc.record(
    {
      messages: fc.oneof(
        anything,
        fc.array(fc.record({ role: anything, content: fc.oneof(anything, fc.array(anything)) })),
      ),
      tools: anything,
      tool_choice: anything,
      output_config: anything,
      thinking: anything,
    },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(body, (value) => assert.equal(typeof readNeeds(value as JsonObject).tools, 'boolean')));
});
