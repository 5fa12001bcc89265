import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { AnthropicStreamReader } from './stream.ts';

function read(...messages: readonly JsonObject[]): { events: StreamEvent[]; complete: boolean } {
  const reader = new AnthropicStreamReader();
  const events = messages.flatMap((body) => [...reader.step({ event: undefined, data: JSON.stringify(body) }).events]);
  return { events, complete: reader.complete };
}

function start(usage: JsonObject): JsonObject {
  return { type: 'message_start', message: { id: 'msg_1', model: 'claude-x', usage } };
}

function blockStart(index: number, block: JsonObject): JsonObject {
  return { type: 'content_block_start', index, content_block: block };
}

function delta(index: number, body: JsonObject): JsonObject {
  return { type: 'content_block_delta', index, delta: body };
}

function blockStop(index: number): JsonObject {
  return { type: 'content_block_stop', index };
}

const STOP = { type: 'message_stop' };

describe('AnthropicStreamReader', () => {
  it('reads text from its start to its end', () => {
    const { events, complete } = read(
      start({ input_tokens: 5, cache_read_input_tokens: 100, output_tokens: 1 }),
      blockStart(0, { type: 'text', text: '' }),
      { type: 'ping' },
      delta(0, { type: 'text_delta', text: 'Hello' }),
      blockStop(0),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 42 } },
      STOP,
    );
    assert.deepEqual(events, [
      { type: 'message-start', id: 'msg_1', model: 'claude-x' },
      { type: 'usage', usage: { inputTokens: 105, outputTokens: 1, cacheReadInputTokens: 100 } },
      { type: 'text-delta', choice: 0, index: 0, text: 'Hello' },
      { type: 'usage', usage: { inputTokens: 105, outputTokens: 42, cacheReadInputTokens: 100 } },
      { type: 'finish', choice: 0, reason: 'stop', raw: 'end_turn' },
      { type: 'end' },
    ]);
    assert.equal(complete, true);
  });

  it('takes the later report of the input where there is one', () => {
    const { events } = read(start({ input_tokens: 43, output_tokens: 1 }), {
      type: 'message_delta',
      delta: {},
      usage: { input_tokens: 61, output_tokens: 2 },
    });
    assert.deepEqual(events.at(-1), { type: 'usage', usage: { inputTokens: 61, outputTokens: 2 } });
  });

  it('reads thinking, its signature, and thinking that is sealed', () => {
    const { events } = read(
      blockStart(0, { type: 'thinking', thinking: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'sig' }),
      blockStop(0),
      blockStart(1, { type: 'redacted_thinking', data: 'sealed' }),
    );
    assert.deepEqual(events, [
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'reasoning-signature', choice: 0, index: 0, signature: 'sig', redacted: false },
      { type: 'reasoning-signature', choice: 0, index: 1, signature: 'sealed', redacted: true },
    ]);
  });

  it('promise 2: keeps tool calls apart, with ids, names, partial and empty arguments', () => {
    const { events } = read(
      blockStart(1, { type: 'tool_use', id: 'a', name: 'f', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '{"x"' }),
      delta(1, { type: 'input_json_delta', partial_json: ':1}' }),
      blockStop(1),
      blockStart(2, { type: 'server_tool_use', id: 'b', name: 'g', input: {} }),
      blockStop(2),
    );
    assert.deepEqual(events, [
      { type: 'tool-call-start', choice: 0, index: 1, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '{"x"' },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: ':1}' },
      { type: 'tool-call-end', choice: 0, index: 1 },
      { type: 'tool-call-start', choice: 0, index: 2, id: 'b', name: 'g', served: true },
      { type: 'tool-call-end', choice: 0, index: 2 },
    ]);
  });

  it('takes arguments and thinking that come with the start of their block', () => {
    const { events } = read(
      blockStart(0, { type: 'thinking', thinking: 'hm', signature: 'sig' }),
      blockStop(0),
      blockStart(1, { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } }),
      blockStop(1),
      blockStart(2, { type: 'tool_use', id: 'b', name: 'f', input: { x: 1 } }),
      delta(2, { type: 'input_json_delta', partial_json: '{"x":2}' }),
      blockStop(2),
    );
    assert.deepEqual(events, [
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'reasoning-signature', choice: 0, index: 0, signature: 'sig', redacted: false },
      { type: 'tool-call-start', choice: 0, index: 1, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '{"x":1}' },
      { type: 'tool-call-end', choice: 0, index: 1 },
      { type: 'tool-call-start', choice: 0, index: 2, id: 'b', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 2, argumentsText: '{"x":2}' },
      { type: 'tool-call-end', choice: 0, index: 2 },
    ]);
  });

  it('ends a call that was cut short', () => {
    const cut = { type: 'message_delta', delta: { stop_reason: 'max_tokens' } };
    const { events } = read(
      blockStart(0, { type: 'tool_use', id: 'a', name: 'f', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"x"' }),
      cut,
    );
    assert.deepEqual(events.slice(2), [
      { type: 'tool-call-end', choice: 0, index: 0 },
      { type: 'finish', choice: 0, reason: 'length', raw: 'max_tokens' },
    ]);
  });

  it('reads a turn that comes whole in its first event', () => {
    const block = { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } };
    const usage = { input_tokens: 0, output_tokens: 0 };
    const message = { id: 'msg_1', content: [block, { type: 'text', text: 'now' }], stop_reason: 'tool_use', usage };
    const { events, complete } = read({ type: 'message_start', message }, STOP);
    assert.deepEqual(events, [
      { type: 'message-start', id: 'msg_1' },
      { type: 'tool-call-start', choice: 0, index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{"x":1}' },
      { type: 'tool-call-end', choice: 0, index: 0 },
      { type: 'text-delta', choice: 0, index: 1, text: 'now' },
      { type: 'usage', usage: { inputTokens: 0, outputTokens: 0 } },
      { type: 'finish', choice: 0, reason: 'tool-calls', raw: 'tool_use' },
      { type: 'end' },
    ]);
    assert.equal(complete, true);
  });

  it('promise 2: keeps long numbers in arguments that come whole', () => {
    const block = '{"type":"tool_use","id":"a","name":"f","input":{"id":12345678901234567890}}';
    const data = `{"type":"message_start","message":{"content":[${block}]}}`;
    const { events } = new AnthropicStreamReader().step({ event: undefined, data });
    assert.deepEqual(events[2], {
      type: 'tool-call-delta',
      choice: 0,
      index: 0,
      argumentsText: '{"id":12345678901234567890}',
    });
  });

  it('says that there is content which it does not interpret', () => {
    const { events } = read(
      blockStart(0, { type: 'web_search_tool_result', content: [] }),
      blockStop(0),
      delta(1, { type: 'citations_delta', citation: {} }),
    );
    assert.deepEqual(events, [
      { type: 'other-content', choice: 0 },
      { type: 'other-content', choice: 0 },
    ]);
  });

  it('takes events that it does not know for nothing', () => {
    assert.deepEqual(read({ type: 'ping' }, { type: 'something_new' }, {}).events, []);
  });

  it('promise 1: is complete with message_stop and not before', () => {
    const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: {} };
    assert.equal(read(start({}), end).complete, false);
    assert.equal(read(start({}), end, STOP).complete, true);
  });

  it('promise 1: says error for an error event, and for what is not JSON', () => {
    const [event] = read({ type: 'error', error: { type: 'overloaded_error', message: 'm' } }).events;
    assert.ok(event?.type === 'error' && event.error.code === 'provider_overloaded');
    for (const data of ['{"type":"message_st', '', '[]']) {
      const [broken] = new AnthropicStreamReader().step({ event: undefined, data }).events;
      assert.ok(broken?.type === 'error' && broken.error.code === 'provider_bad_response', data);
    }
  });
});
