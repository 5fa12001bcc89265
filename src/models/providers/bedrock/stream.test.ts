import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../../core/events.ts';
import { ConverseStreamReader } from './stream.ts';

function read(...frames: readonly (readonly [event: string, payload: object])[]): {
  events: StreamEvent[];
  complete: boolean;
} {
  const reader = new ConverseStreamReader();
  const events = frames.flatMap(([event, payload]) => reader.step({ event, data: JSON.stringify(payload) }).events);
  return { events, complete: reader.complete };
}

const STOP = ['messageStop', { stopReason: 'end_turn' }] as const;
const METADATA = ['metadata', { usage: { inputTokens: 1, outputTokens: 2 }, metrics: { latencyMs: 3 } }] as const;
const USAGE: StreamEvent = { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } };
const FINISH: StreamEvent = { type: 'finish', choice: 0, reason: 'stop', raw: 'end_turn' };
const END: StreamEvent = { type: 'end' };

function delta(contentBlockIndex: number, what: object): readonly [string, object] {
  return ['contentBlockDelta', { contentBlockIndex, delta: what, p: 'abcdefghij' }];
}

function start(contentBlockIndex: number, toolUseId: string): readonly [string, object] {
  return ['contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name: 'f' } } }];
}

describe('streams of Converse', () => {
  it('text, reasoning with its proof, and sealed reasoning', () => {
    const { events } = read(
      ['messageStart', { role: 'assistant' }],
      delta(0, { reasoningContent: { text: 'hm' } }),
      delta(0, { reasoningContent: { signature: 'c2ln' } }),
      ['contentBlockStop', { contentBlockIndex: 0 }],
      delta(1, { reasoningContent: { redactedContent: 'AAEC' } }),
      delta(2, { text: '' }),
      delta(2, { text: 'Hi' }),
    );
    assert.deepEqual(events, [
      { type: 'message-start' },
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'reasoning-signature', choice: 0, index: 0, signature: 'converse:c2ln', redacted: false },
      { type: 'reasoning-signature', choice: 0, index: 1, signature: 'converse:AAEC', redacted: true },
      { type: 'text-delta', choice: 0, index: 2, text: 'Hi' },
    ]);
  });

  it('promise 2: calls of tools end once each, without arguments too', () => {
    const { events } = read(
      start(0, 'a'),
      start(1, 'b'),
      delta(1, { toolUse: { input: '{"x":' } }),
      delta(1, { toolUse: { input: '1}' } }),
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['messageStop', { stopReason: 'tool_use' }],
    );
    assert.deepEqual(
      events.map((event) => [event.type, 'index' in event ? event.index : undefined]),
      [
        ['tool-call-start', 0],
        ['tool-call-start', 1],
        ['tool-call-delta', 1],
        ['tool-call-delta', 1],
        ['tool-call-end', 1],
        ['tool-call-end', 0],
        ['finish', undefined],
      ],
    );
  });

  it('what the provider runs itself is not for a client to run', () => {
    const { events } = read(
      [
        'contentBlockStart',
        { contentBlockIndex: 0, start: { toolUse: { toolUseId: 's', name: 'g', type: 'server_tool_use' } } },
      ],
      ['contentBlockStart', { contentBlockIndex: 1, start: { toolResult: { toolUseId: 's' } } }],
      delta(1, { citation: { title: 't' } }),
    );
    assert.deepEqual(
      events.map((event) => [event.type, 'served' in event && event.served]),
      [
        ['tool-call-start', true],
        ['other-content', false],
        ['other-content', false],
      ],
    );
  });

  it('promise 1: it is over after the stop and the metadata, in either order, and complete after the stop', () => {
    assert.deepEqual(read(STOP, METADATA), { events: [FINISH, USAGE, END], complete: true });
    assert.deepEqual(read(METADATA, STOP), { events: [USAGE, FINISH, END], complete: true });
    assert.deepEqual(read(STOP), { events: [FINISH], complete: true });
    assert.deepEqual(read(METADATA), { events: [USAGE], complete: false });
    assert.equal(read(delta(0, { text: 'Hi' })).complete, false);
  });

  it('promise 1: exceptions are errors, of their own kind', () => {
    const codes: Readonly<Record<string, string>> = {
      internalServerException: 'provider_error',
      modelStreamErrorException: 'provider_error',
      throttlingException: 'provider_rate_limited',
      validationException: 'request_invalid',
      serviceUnavailableException: 'provider_overloaded',
      modelTimeoutException: 'provider_timeout',
      somethingNewException: 'provider_error',
    };
    for (const [type, code] of Object.entries(codes)) {
      const [event] = read([`exception:${type}`, { message: 'No.', originalMessage: 'Why.' }]).events;
      assert.ok(event?.type === 'error');
      assert.deepEqual([event.error.code, event.error.message], [code, 'Why.'], type);
    }
  });

  it('promise 1: what is no JSON object is no answer', () => {
    const { events } = new ConverseStreamReader().step({ event: 'contentBlockDelta', data: '[]' });
    assert.equal(events[0]?.type === 'error' && events[0].error.code, 'provider_bad_response');
  });

  it('what is new says nothing', () => {
    assert.deepEqual(read(['heartbeat', {}]).events, []);
  });
});
