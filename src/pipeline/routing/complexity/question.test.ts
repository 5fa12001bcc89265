import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import type { Dialect } from '../../../core/call.ts';
import { NO_NEEDS } from '../../../core/inference/needs.ts';
import { type ComplexityQuestion, questionOf } from './question.ts';

function read(dialect: Dialect, json: object): ComplexityQuestion {
  return questionOf(makeCall({ dialect, json }));
}

function text(type: string, said: string): object {
  return { type, text: said };
}

const DIALECTS: readonly Dialect[] = ['openai', 'responses', 'anthropic', 'gemini'];

describe('the question of a request', () => {
  it('is the same in every dialect', () => {
    const bodies: Readonly<Record<Dialect, object>> = {
      openai: {
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: 'Hi!' },
          { role: 'user', content: [text('text', 'Why'), text('text', 'so?')] },
        ],
      },
      responses: {
        instructions: 'Be kind.',
        input: [
          { role: 'user', content: 'Hello' },
          { type: 'message', role: 'assistant', content: [text('output_text', 'Hi!')] },
          { role: 'user', content: [text('input_text', 'Why'), text('input_text', 'so?')] },
        ],
      },
      anthropic: {
        system: [text('text', 'Be kind.')],
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: [text('text', 'Hi!')] },
          { role: 'user', content: [text('text', 'Why'), text('text', 'so?')] },
        ],
      },
      gemini: {
        systemInstruction: { parts: [{ text: 'Be kind.' }] },
        contents: [
          { role: 'user', parts: [{ text: 'Hello' }] },
          { role: 'model', parts: [{ text: 'Hi!' }] },
          { role: 'user', parts: [{ text: 'Why' }, { text: 'so?' }] },
        ],
      },
    };
    for (const dialect of DIALECTS) {
      const { asked, askedChars, system, turns, chars, isToolResult } = read(dialect, bodies[dialect]);
      const expected = {
        asked: 'Why\nso?',
        askedChars: 6,
        system: 'Be kind.',
        turns: 2,
        chars: 22,
        isToolResult: false,
      };
      assert.deepEqual({ asked, askedChars, system, turns, chars, isToolResult }, expected, dialect);
    }
    assert.equal(read('responses', { input: 'Just so?' }).asked, 'Just so?');
  });

  it('knows of a tool that spoke last, and measures what it said', () => {
    const user = { role: 'user', content: 'Look it up' };
    const spoken: readonly (readonly [Dialect, object])[] = [
      ['openai', { messages: [user, { role: 'tool', content: 'found it' }] }],
      ['responses', { input: [user, { type: 'function_call_output', output: 'found it' }] }],
      ['anthropic', { messages: [user, { role: 'user', content: [{ type: 'tool_result', content: 'found it' }] }] }],
    ];
    for (const [dialect, body] of spoken) {
      const { asked, isToolResult, chars, turns } = read(dialect, body);
      assert.deepEqual(
        { asked, isToolResult, chars, turns },
        { asked: 'Look it up', isToolResult: true, chars: 18, turns: 1 },
      );
    }
  });

  it('has of a long text the beginning and the end, and of many messages the first and the last', () => {
    const long = `Begin ${'x'.repeat(1_000_000)} so what is the answer?`;
    const { asked, askedChars } = read('openai', { messages: [{ role: 'user', content: long }] });
    assert.equal(askedChars, long.length);
    assert.ok(asked.length <= 4010 && asked.startsWith('Begin ') && asked.endsWith('so what is the answer?'));
    const messages = Array.from({ length: 9000 }, (_, at) => ({ role: 'user', content: `${at}` }));
    const many = read('openai', { messages });
    assert.deepEqual([many.asked, many.messages, many.turns], ['8999', 9000, 2000]);
  });

  it('is read of any body without a fault', () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.constantFrom('text', 'tool_result', 1), text: fc.jsonValue(), content: fc.jsonValue() }),
    );
    const message = fc.record({
      role: fc.constantFrom('user', 'system', 'tool', 'model', 7),
      content: fc.oneof(part, fc.array(part)),
      parts: fc.array(part),
    });
    const body = fc.record({ messages: fc.array(message), input: fc.jsonValue(), contents: message, system: part });
    fc.assert(
      fc.property(fc.constantFrom(...DIALECTS), body, (dialect, json) => {
        const { asked, askedChars, chars } = questionOf(makeCall({ dialect, json: JSON.parse(JSON.stringify(json)) }));
        assert.ok(asked.length <= askedChars + 1000 && askedChars <= chars);
      }),
      { numRuns: 200 },
    );
  });

  it('says what the request needs', () => {
    const needs = { ...NO_NEEDS, tools: true, vision: true, jsonSchema: true, reasoning: true, outputTokens: 7 };
    const { tools, media, schema, asksToThink, outputTokens } = questionOf(makeCall({ needs }));
    assert.deepEqual([tools, media, schema, asksToThink, outputTokens], [true, true, true, true, 7]);
  });
});
