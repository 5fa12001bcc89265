import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { Sight } from './sight.ts';

const lengthOf = (parts: CallParts) => new Sight(makeCall(parts)).length;
/** 10 characters */
const TEN = 'ten of it.';
const BYTES = 'iVBORw0K'.repeat(1000);

/** Requests that say something of 10 characters here or there, and how often. */
const SAY_IT: readonly (readonly [what: string, times: number, parts: CallParts])[] = [
  [
    'a system prompt and a message',
    2,
    {
      json: {
        messages: [
          { role: 'system', content: TEN },
          { role: 'user', content: TEN },
        ],
      },
    },
  ],
  [
    "calls of OpenAI's",
    2,
    {
      json: {
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: TEN } }],
          },
          { role: 'tool', tool_call_id: 'c1', content: TEN },
        ],
      },
    },
  ],
  [
    "calls of Responses, and the model's custom ones",
    4,
    {
      dialect: 'responses',
      json: {
        instructions: TEN,
        input: [
          { type: 'function_call', call_id: 'c1', name: 'find', arguments: TEN },
          { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_text', text: TEN }] },
          { type: 'custom_tool_call', call_id: 'c2', name: 'run', input: TEN },
        ],
      },
    },
  ],
  [
    "calls and documents of Anthropic's",
    5,
    {
      dialect: 'anthropic',
      json: {
        system: [{ type: 'text', text: TEN, cache_control: { type: 'ephemeral' } }],
        messages: [
          { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'find', input: { find: 'of it.' } }] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: TEN }] },
              { type: 'document', source: { type: 'text', media_type: 'text/plain', data: TEN } },
              { type: 'document', source: { type: 'content', content: [{ type: 'text', text: TEN }] } },
              { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: BYTES } },
            ],
          },
        ],
      },
    },
  ],
  [
    "calls of Gemini's",
    4,
    {
      dialect: 'gemini',
      json: {
        systemInstruction: { parts: [{ text: TEN }] },
        contents: [
          { role: 'user', parts: [{ text: TEN }, { inlineData: { mimeType: 'image/png', data: BYTES } }] },
          { role: 'model', parts: [{ functionCall: { name: 'find', args: { find: 'of it.' } } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'find', response: { found: [12, 'yes'] } } }] },
        ],
      },
    },
  ],
  ['texts to embed', 2, { operation: 'embeddings', json: { input: [TEN, TEN] } }],
  ['documents to rank', 3, { operation: 'rerank', json: { query: TEN, documents: [TEN, { text: TEN }] } }],
  [
    'a prompt to count whole',
    1,
    {
      dialect: 'gemini',
      operation: 'token-count',
      json: { generateContentRequest: { contents: [{ parts: [{ text: TEN }] }] } },
    },
  ],
];

describe('the length of a request', () => {
  for (const [what, times, parts] of SAY_IT) {
    it(`counts ${what}`, () => {
      assert.equal(lengthOf(parts), times * TEN.length);
    });
  }

  it('counts each of many messages and of many parts', () => {
    fc.assert(
      fc.property(fc.nat(6000), fc.nat(6000), fc.nat(5999), (messages, parts, at) => {
        const content = Array.from({ length: parts }, () => ({ type: 'text', text: '' }));
        const said = [
          ...Array.from({ length: messages }, () => ({ role: 'user', content: 'x' })),
          { role: 'user', content },
        ];
        const json = { messages: said };
        assert.equal(lengthOf({ json }), messages);
        const part = content[at];
        if (part) part.text = TEN;
        assert.equal(lengthOf({ json }), messages + (part ? TEN.length : 0));
      }),
      { numRuns: 20 },
    );
  });

  it('says nothing of pictures, sound, files and the definitions of tools', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${BYTES}` } };
    const sound = { type: 'input_audio', input_audio: { data: BYTES, format: 'wav' } };
    const tools = [{ type: 'function', function: { name: 'find', description: TEN, parameters: {} } }];
    const json = {
      tools,
      messages: [{ role: 'user', name: 'ann', content: [image, sound, { type: 'text', text: TEN }] }],
    };
    assert.equal(lengthOf({ json }), TEN.length);
  });
});
