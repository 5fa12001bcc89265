import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../test/support/make-call.ts';
import type { Dialect } from '../../core/call.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { JsonObject } from '../../core/json.ts';
import { answerContext, bodyOf } from '../reply-body.ts';
import { adapterOf } from './registry.ts';

const openai = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];

/** What other providers have no equal of, so that it cannot be read as a request of no dialect. */
const OWN: readonly (readonly [Dialect, JsonObject])[] = [
  ['openai', { ...openai, web_search_options: {} }],
  ['openai', { ...openai, tools: [{ type: 'custom', custom: { name: 'f' } }] }],
  ['responses', { model: 'm', input: 'Hello', tools: [{ type: 'web_search' }] }],
  ['gemini', { contents, tools: [{ googleSearch: {} }] }],
  [
    'gemini',
    { contents, tools: [{ codeExecution: {} }], generationConfig: { thinkingConfig: { includeThoughts: true } } },
  ],
  ['anthropic', { ...openai, max_tokens: 9, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
];

const EVENTS: readonly StreamEvent[] = [
  { type: 'reasoning-delta', choice: 0, index: 0, text: 'thought' },
  { type: 'text-delta', choice: 0, index: 1, text: 'Hi' },
  { type: 'finish', choice: 0, reason: 'stop' },
  { type: 'end' },
];

describe('what the form of an answer depends on', () => {
  it('is read of requests that their provider alone understands, whole and streamed', () => {
    for (const [dialect, json] of OWN) {
      const call = makeCall({ dialect, json });
      const adapter = adapterOf(dialect);
      const head = { status: 200, headers: {}, events: EVENTS, rewritten: true } as const;
      const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
      const whole = Buffer.from(bodyOf(call, adapter, { kind: 'translated', ...head, terminal })).toString();
      const encoder = adapter.streamEncoder(answerContext(call, adapter, true));
      for (const answer of [whole, encoder.push(EVENTS) + encoder.end()]) {
        assert.ok(answer.includes('Hi'), `${dialect}: ${answer}`);
        const showsThoughts = dialect !== 'gemini' || JSON.stringify(json).includes('includeThoughts');
        assert.equal(answer.includes('thought'), showsThoughts, `${dialect}: ${answer}`);
      }
    }
  });

  it('is what a full reading says, where there is one', () => {
    const gemini = { contents, generation_config: { thinking_config: { include_thoughts: true } } };
    const functions = [{ name: 'f' }];
    const bodies: readonly (readonly [Dialect, JsonObject])[] = [
      ['openai', openai],
      ['openai', { ...openai, stream: true, stream_options: { include_usage: true }, functions }],
      ['openai', { ...openai, stream: true, stream_options: { include_usage: false }, functions: null }],
      [
        'openai',
        { ...openai, stream_options: { include_usage: true }, tools: [{ type: 'function', function: { name: 'f' } }] },
      ],
      ['gemini', { contents }],
      ['gemini', gemini],
    ];
    for (const [dialect, json] of bodies) {
      const adapter = adapterOf(dialect);
      const { includeUsage, fields, reasoning } = adapter.decode(json, { stream: true });
      const wishes = adapter.readWishes(json);
      assert.equal(wishes.includeUsage, includeUsage);
      assert.equal(wishes.fields.tools === 'functions', fields.tools === 'functions');
      assert.equal(wishes.reasoning?.display, reasoning?.display);
    }
  });
});
