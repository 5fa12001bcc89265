import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../../core/json.ts';
import { placeCachePoints } from './place-cache-points.ts';

const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const POINT = { cachePoint: { type: 'default' } };
const HINTS = { breakpoints: '5m', key: undefined } as const;

function conversation(): JsonObject {
  return {
    system: [{ text: 'You are a careful assistant. '.repeat(200) }],
    toolConfig: { tools: [{ toolSpec: { name: 'a' } }] },
    messages: [
      { role: 'user', content: [{ text: 'First' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: '1', name: 'a', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: '1', content: [{ text: 'x' }] } }] },
    ],
  };
}

function pointsIn(body: JsonObject): string[] {
  const paths: string[] = [];
  JSON.stringify(body, function walk(this: unknown, key: string, value: unknown) {
    if (key === 'cachePoint') paths.push(JSON.stringify(value));
    return value;
  });
  return paths;
}

describe('cache points in a request for Converse', () => {
  it('stand behind the system prompt and the last turns of the user, where the prompt is long', () => {
    const body = conversation();
    assert.equal(placeCachePoints(body, SONNET, HINTS), 3);
    const plain = conversation();
    assert.deepEqual(body, {
      ...plain,
      system: [...(plain['system'] as JsonObject[]), POINT],
      messages: (plain['messages'] as JsonObject[]).map((message) =>
        message['role'] === 'user'
          ? { ...message, content: [...(message['content'] as JsonObject[]), POINT] }
          : message,
      ),
    });
  });

  it('are kept for an hour by the models that can', () => {
    const body = conversation();
    placeCachePoints(body, SONNET, { ...HINTS, breakpoints: '1h' });
    assert.deepEqual(new Set(pointsIn(body)), new Set(['{"type":"default","ttl":"1h"}']));
    const older = conversation();
    placeCachePoints(older, 'anthropic.claude-3-7-sonnet-20250219-v1:0', { ...HINTS, breakpoints: '1h' });
    assert.deepEqual(new Set(pointsIn(older)), new Set(['{"type":"default"}']));
  });

  it('are only behind texts for Nova, which refuses others', () => {
    const body = conversation();
    assert.equal(placeCachePoints(body, 'amazon.nova-pro-v1:0', HINTS), 2);
    const [first, , last] = body['messages'] as JsonObject[];
    assert.deepEqual(first?.['content'], [{ text: 'First' }, POINT]);
    assert.deepEqual(last, (conversation()['messages'] as JsonObject[])[2]);
  });

  it('are not placed beside the client’s, without leave, in short prompts, or for models that take none', () => {
    const own = { ...conversation(), system: [{ text: 'x' }, POINT] };
    const short = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] };
    assert.equal(placeCachePoints(own, SONNET, HINTS), 0);
    assert.equal(placeCachePoints(short, SONNET, HINTS), 0);
    assert.equal(placeCachePoints(conversation(), SONNET, { breakpoints: undefined, key: 'k' }), 0);
    assert.equal(placeCachePoints(conversation(), SONNET, undefined), 0);
    for (const model of ['anthropic.claude-3-haiku-20240307-v1:0', 'meta.llama3-3-70b-instruct-v1:0', 'profile-1']) {
      assert.equal(placeCachePoints(conversation(), model, HINTS), 0, model);
    }
  });
});
