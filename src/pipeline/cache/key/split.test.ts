import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { splitRequest } from './split.ts';

/** The same question in each dialect, within the same context. */
const ASKED: Readonly<Record<string, (asked: string, context: string) => CallParts>> = {
  openai: (asked, context) => ({
    json: {
      model: 'chat',
      messages: [
        { role: 'system', content: context },
        { role: 'user', content: asked },
      ],
    },
  }),
  'openai in parts': (asked, context) => ({
    json: {
      model: 'chat',
      messages: [
        { role: 'system', content: context },
        { role: 'user', content: [{ type: 'text', text: asked }] },
      ],
    },
  }),
  anthropic: (asked, context) => ({
    dialect: 'anthropic',
    json: { model: 'chat', max_tokens: 5, system: context, messages: [{ role: 'user', content: asked }] },
  }),
  responses: (asked, context) => ({
    dialect: 'responses',
    json: { model: 'chat', instructions: context, input: asked },
  }),
  'responses with items': (asked, context) => ({
    dialect: 'responses',
    json: {
      model: 'chat',
      input: [
        { role: 'system', content: context },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: asked }] },
      ],
    },
  }),
  gemini: (asked, context) => ({
    dialect: 'gemini',
    json: { systemInstruction: { parts: [{ text: context }] }, contents: [{ parts: [{ text: asked }] }] },
  }),
};

for (const [what, parts] of Object.entries(ASKED)) {
  test(`${what}: the question is apart from all else`, () => {
    const word = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(word, word, word, (one, other, context) => {
        const call = makeCall(parts(one, context));
        const split = splitRequest(call);
        assert.equal(split?.asked, one);
        assert.equal(splitRequest(makeCall(parts(other, context)))?.context, split.context);
        assert.notEqual(splitRequest(makeCall(parts(one, `${context}!`)))?.context, split.context);
      }),
      { numRuns: 20 },
    );
  });
}

const NOT_SPLIT: readonly [string, CallParts][] = [
  [
    'an image beside the text',
    {
      json: messages([
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'x' } },
      ]),
    },
  ],
  ['the result of a tool', { json: { model: 'chat', messages: [{ role: 'tool', tool_call_id: 'a', content: 'b' }] } }],
  ['a word of the assistant', { json: { model: 'chat', messages: [{ role: 'assistant', content: 'b' }] } }],
  ['nothing', { json: messages('  ') }],
  ['another operation', { operation: 'embeddings', json: { model: 'chat', input: 'a' } }],
  [
    'an item that is no message',
    { dialect: 'responses', json: { model: 'chat', input: [{ type: 'function_call_output', output: 'a' }] } },
  ],
  [
    'a picture in the part itself',
    { dialect: 'gemini', json: { contents: [{ parts: [{ text: 'a', inlineData: { data: '' } }] }] } },
  ],
  ['a picture for Gemini', { dialect: 'gemini', json: { contents: [{ parts: [{ inlineData: { data: '' } }] }] } }],
];

function messages(content: unknown): object {
  return { model: 'chat', messages: [{ role: 'user', content }] };
}

for (const [what, parts] of NOT_SPLIT) {
  test(`no question: ${what}`, () => {
    assert.equal(splitRequest(makeCall(parts)), undefined);
  });
}
