import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { anyText } from '../../../../test/support/make-record.ts';
import type { Json } from '../../../core/json.ts';
import { gramsOf } from './grams.ts';
import { searchForm, searchPattern, searchTextOf } from './search-text.ts';

/** The grams of a text by those of its parts. */
function once(text: string): number[] {
  // Each three characters of a text, and each two close ones, stand alone in one of these.
  const parts = Array.from(text, (_, at) => [2, 3, 4].map((length) => text.slice(at, at + length))).flat();
  return [...new Set(parts.flatMap((part) => [...gramsOf(part)]))].toSorted((a, b) => a - b);
}

const user = (content: Json): Json => ({ role: 'user', content });

/** Bodies of each dialect, with what is new in them and what was said before. */
const REQUESTS: readonly (readonly [name: string, body: Json])[] = [
  ['openai', { model: 'm', messages: [user('earlier'), { role: 'assistant', content: 'answered' }, user('fresh')] }],
  [
    'openai, parts',
    {
      messages: [
        user([
          { type: 'text', text: 'fresh' },
          { type: 'image_url', image_url: { url: 'data:earlier' } },
        ]),
      ],
    },
  ],
  [
    'openai, tools',
    {
      messages: [
        user('earlier'),
        { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":"earlier"}' } }] },
        { role: 'tool', tool_call_id: 'earlier', content: '{"result":"fresh"}' },
      ],
    },
  ],
  ['openai, completions', { model: 'earlier', prompt: ['fresh'], stop: 'earlier' }],
  ['openai, embeddings', { model: 'earlier', input: ['fresh', [1, 2]] }],
  ['responses, text', { input: 'fresh', instructions: 'earlier' }],
  [
    'responses',
    {
      input: [
        user([{ type: 'input_text', text: 'earlier' }]),
        { type: 'reasoning', encrypted_content: 'earlier' },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":"earlier"}' },
        { type: 'function_call_output', call_id: 'c', output: 'fresh' },
      ],
    },
  ],
  [
    'anthropic',
    {
      system: 'earlier',
      messages: [
        user('earlier'),
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: { a: 'earlier' } }] },
        user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'fresh' }] }]),
      ],
    },
  ],
  [
    'gemini',
    {
      contents: [
        { role: 'user', parts: [{ text: 'earlier' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 'earlier' } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { a: 'fresh' } } }] },
      ],
    },
  ],
  ['rerank', { query: 'fresh', documents: ['other'], model: 'earlier' }],
  ['anything else', { some: { thing: ['fresh'] } }],
  ['no JSON', 'fresh'],
  ['a body that was cut', '{"model":"m","messages":[{"role":"user","content":"fre\\u0073h"},{"role":"us'],
];

const ANSWERS: readonly (readonly [name: string, body: Json])[] = [
  ['a stream', [{ content: 'fresh', tool_calls: [{ id: 'earlier', name: 'f', arguments: '' }] }]],
  [
    'a stream of a tool call',
    [{ content: '', tool_calls: [{ id: 'c', name: 'f', arguments: '{"q":"\\u0066resh"}' }] }],
  ],
  [
    'openai',
    {
      id: 'earlier',
      model: 'earlier',
      choices: [{ message: { role: 'assistant', content: 'fresh' }, finish_reason: 'earlier' }],
    },
  ],
  ['anthropic', { role: 'assistant', content: [{ type: 'text', text: 'fresh' }], stop_reason: 'earlier' }],
  ['gemini', { candidates: [{ content: { role: 'model', parts: [{ text: 'fresh' }] } }], modelVersion: 'earlier' }],
  ['responses', { id: 'earlier', output: [{ type: 'message', content: [{ type: 'output_text', text: 'fresh' }] }] }],
  ['a transcription', { text: 'fresh' }],
];

describe('the text that a record is found by', () => {
  for (const [name, body] of REQUESTS) {
    test(`is what is new in a request: ${name}`, () => {
      const text = searchTextOf(body, undefined) ?? '';
      assert.match(text, /fresh/);
      assert.doesNotMatch(text, /earlier/);
    });
  }

  for (const [name, body] of ANSWERS) {
    test(`is what an answer says: ${name}`, () => {
      const text = searchTextOf(undefined, body) ?? '';
      assert.match(text, /fresh/);
      assert.doesNotMatch(text, /earlier/);
    });
  }

  test('has the instructions last, which are long and the same each time', () => {
    const body = { messages: [{ role: 'system', content: 'x'.repeat(5000) }, user('fresh')] };
    assert.equal(searchTextOf(body, undefined), `fresh\u001F${'x'.repeat(1995)}`);
  });

  test('is the beginning of long ones, cut between characters, and nothing where nothing is said', () => {
    const long = searchTextOf({ messages: [user(`a${'😀'.repeat(3000)}`)] }, [{ content: 'b'.repeat(9999) }]) ?? '';
    assert.ok(long.isWellFormed());
    assert.deepEqual([long.length, long.split('\u001F').map((part) => part.length)], [4000, [1999, 2000]]);
    assert.equal(searchTextOf({ messages: [] }, { vectors: 3, dimensions: 5 }), null);
    assert.equal(searchTextOf(undefined, undefined), null);
  });

  test('takes any JSON, and is text that the database takes', () => {
    const anyJson = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(fc.oneof(anyJson, anyText), fc.oneof(anyJson, anyText), (input, output) => {
        const text = searchTextOf(input, output) ?? '';
        assert.ok(text.isWellFormed() && !text.includes('\0'));
      }),
    );
  });
});

describe('what is looked for', () => {
  test('is the same form of letters, of any width and case', () => {
    assert.equal(searchForm('ＲＥＦＵＮＤ  of\n\nﬁve'), 'refund of five');
    assert.equal(searchForm('退款\u3000ｶﾞ'), '退款 ガ');
  });

  test('is too short for the index below three letters or two Chinese characters', () => {
    const short = ['退', 'ab', '...', 'a b c', 'a退'];
    const enough = ['退款', 'abc', 'I got 500', '환불', 'カー', '𠮷野', 'été'];
    assert.deepEqual(
      short.map((text) => (searchPattern(text)?.grams.length ?? 0) > 0),
      short.map(() => false),
    );
    assert.deepEqual(
      enough.map((text) => (searchPattern(text)?.grams.length ?? 0) > 0),
      enough.map(() => true),
    );
    assert.equal(searchPattern('  '), undefined);
  });

  test('has no gram that a text which contains it has not, and few that others have', () => {
    const anyCharacters = fc.string({
      unit: fc.constantFrom('退', '款', 'a', '1', 'é', 'カ', '𠮷', ' ', '.', '환'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(anyCharacters, anyCharacters, anyCharacters, (before, text, after) => {
        const grams = new Set(gramsOf(before + text + after));
        for (const gram of gramsOf(text)) assert.ok(grams.has(gram));
      }),
      { numRuns: 500 },
    );
    const words = Array.from({ length: 20_000 }, (_, at) =>
      String.fromCodePoint(0x4e00 + (at % 141), 0x5000 + Math.floor(at / 141)),
    );
    const distinct = new Set(words.flatMap((word) => [...gramsOf(word)]));
    assert.ok(distinct.size > 19_800, String(distinct.size));
  });

  test('has each gram once, in order, however many texts there were before and however long it is', () => {
    const words = fc.array(fc.constantFrom('refund', 'the', '退款', 'a1b2', ' ', '.', 'é', '\ud842'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, fc.constantFrom(1, 40), (some, times) => {
        const text = some.join('').repeat(times);
        assert.deepEqual([...gramsOf(text)], once(text.slice(0, 2 * some.join('').length + 8)));
      }),
      { numRuns: 100 },
    );
    const long = Array.from({ length: 6000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');
    const grams = [...gramsOf(long)];
    assert.deepEqual(
      grams,
      [...new Set(grams)].toSorted((a, b) => a - b),
    );
    assert.ok(grams.length > 5980, String(grams.length));
  });

  test('has one space for many', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '\u00a0', '\u3000'), maxLength: 30 }),
        (text) => {
          assert.equal(searchForm(text), text.replaceAll(/\s+/g, ' '));
        },
      ),
    );
  });
});
