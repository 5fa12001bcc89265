import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { readFacts } from './facts.ts';
import { readNeeds } from './needs.ts';

function refusedParam(body: JsonObject): string | undefined {
  try {
    readFacts(body);
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'request_invalid');
    return error.param;
  }
  return undefined;
}

test('facts are the model, who asks, and how', () => {
  const body = { model: 'm', input: 'hi', stream: true, safety_identifier: 's', metadata: { a: 'b' } };
  assert.deepEqual(readFacts(body), { model: 'm', stream: true, user: 's', metadata: { a: 'b' } });
  assert.equal(readFacts({ ...body, user: 'u' }).user, 'u');
});

test('input may be absent where there is something to go on from', () => {
  assert.equal(refusedParam({ input: 'hi' }), 'model');
  assert.equal(refusedParam({ model: 'm' }), 'input');
  assert.equal(refusedParam({ model: 'm', input: 3, prompt: { id: 'p' } }), 'input');
  for (const body of [{ input: [] }, { previous_response_id: 'r' }, { prompt: { id: 'p' } }, { conversation: 'c' }]) {
    assert.equal(refusedParam({ model: 'm', ...body }), undefined);
  }
});

const NOTHING = readNeeds({ model: 'm', input: 'hi' });

function needed(body: JsonObject): string[] {
  const needs = readNeeds({ model: 'm', input: 'hi', ...body });
  return Object.entries(needs).flatMap(([name, value]) =>
    value === NOTHING[name as keyof typeof NOTHING] ? [] : [`${name} ${String(value)}`],
  );
}

function part(type: string): JsonObject {
  return { input: [{ role: 'user', content: [{ type }] }] };
}

test('needs are read from the types of items and parts', () => {
  const call = { type: 'function_call' };
  assert.deepEqual(needed(part('input_image')), ['vision true']);
  assert.deepEqual(needed(part('input_file')), ['documents true']);
  assert.deepEqual(needed(part('input_audio')), ['audioInput true']);
  assert.deepEqual(needed({ input: [{ type: 'function_call_output', output: [{ type: 'input_image' }] }] }), [
    'vision true',
  ]);
  assert.deepEqual(needed({ input: [call, { type: 'reasoning' }, call] }), []);
  assert.deepEqual(needed({ input: [call, call] }), ['parallelTools true']);
  assert.deepEqual(needed({ input: [{ role: 'assistant', content: '{' }] }), ['prefill true']);
});

test('needs are read from options, and nothing of them has to be right', () => {
  assert.deepEqual(needed({ stream: true, tools: [{}], parallel_tool_calls: true }), [
    'streaming true',
    'tools true',
    'parallelTools true',
  ]);
  assert.deepEqual(needed({ text: { format: { type: 'json_schema' } } }), ['jsonSchema true']);
  assert.deepEqual(needed({ reasoning: { effort: 'low' } }), ['reasoning true']);
  assert.deepEqual(needed({ reasoning: { effort: 'none', summary: 'auto' } }), []);
  assert.deepEqual(needed({ max_output_tokens: 5 }), ['outputTokens 5']);
  assert.deepEqual(needed({ input: [null, 3, { content: 4 }], tools: 3, text: [], reasoning: 'x' }), []);
});
