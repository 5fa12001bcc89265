import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NO_NEEDS, type Needs } from '../../../core/inference/needs.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { readNeeds } from './needs.ts';

const CALL: JsonObject = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };

function says(...content: Json[]): JsonObject {
  return { messages: [{ role: 'user', content }] };
}

function said(message: JsonObject): JsonObject {
  return { messages: [{ role: 'assistant', ...message }] };
}

test('a body needs what its fields ask for', () => {
  const cases: [JsonObject, Partial<Needs>][] = [
    [{}, {}],
    [{ messages: 'x', tools: {}, modalities: 'audio', response_format: 'json' }, {}],
    [says('not a part', null, { type: 'text', text: 'image_url' }), {}],
    [{ stream: true }, { streaming: true }],
    [{ tools: [] }, {}],
    [{ tools: [{}] }, { tools: true }],
    [{ functions: [{}] }, { tools: true }],
    [{ parallel_tool_calls: true }, { parallelTools: true }],
    [{ parallel_tool_calls: false }, {}],
    [said({ tool_calls: [CALL] }), {}],
    [said({ tool_calls: [CALL, CALL] }), { parallelTools: true }],
    [said({ function_call: {} }), {}],
    [said({ content: '{' }), { prefill: true }],
    [says({ type: 'image_url' }), { vision: true }],
    [says({ type: 'file' }), { documents: true }],
    [says({ type: 'input_audio' }), { audioInput: true }],
    [{ modalities: ['text', 'audio'] }, { audioOutput: true }],
    [{ response_format: { type: 'json_schema' } }, { jsonSchema: true }],
    [{ response_format: { type: 'json_object' } }, {}],
    [{ reasoning_effort: 'low' }, { reasoning: true }],
    [{ reasoning_effort: 'none' }, {}],
    [{ thinking: { type: 'enabled' } }, { reasoning: true }],
    [{ thinking: { type: 'disabled' } }, {}],
    [{ max_tokens: 5 }, { outputTokens: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 6 }, { outputTokens: 6 }],
    [{ max_tokens: 'many' }, {}],
  ];
  for (const [body, expected] of cases) assert.deepEqual(readNeeds(body), { ...NO_NEEDS, ...expected });
});
