import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AssistantPart, Message } from '../../../core/inference/content.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { sealForGemini } from '../../../core/inference/gemini-seal.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { decode } from './decode.ts';

const HI: JsonObject = { role: 'user', parts: [{ text: 'hi' }] };

function messagesOf(...contents: Json[]): readonly Message[] {
  return decode({ contents }, {}).messages;
}

function modelParts(...parts: Json[]): readonly AssistantPart[] {
  const message = messagesOf(HI, { role: 'model', parts }, HI)[1];
  assert.ok(message?.role === 'assistant');
  return message.content;
}

function call(name: string, id?: string): JsonObject {
  return { functionCall: { name, args: {}, ...(id === undefined ? {} : { id }) } };
}

function response(name: string, more: JsonObject = {}): JsonObject {
  return { functionResponse: { name, response: { output: 'x' }, ...more } };
}

test('promise 2: calls and results keep ids, order and long numbers', () => {
  const body = parseExact(`{ "generationConfig": { "temperature": 1.00000000000000000001 }, "contents": [
    { "role": "user", "parts": [{ "text": "go" }] },
    { "role": "model", "parts": [
      { "text": "wait" },
      { "functionCall": { "id": "b", "name": "f", "args": { "id": 12345678901234567890 } } },
      { "functionCall": { "id": "a", "name": "g" } }
    ] },
    { "role": "user", "parts": [
      { "text": "and?" },
      { "functionResponse": { "id": "b", "name": "f", "response": { "n": 12345678901234567890, "x": 1 } } },
      { "functionResponse": { "id": "a", "name": "g", "response": { "error": "no" } } }
    ] }
  ] }`) as JsonObject;
  const { messages, temperature } = decode(body, {});
  assert.equal(temperature, 1);
  assert.deepEqual(messages.slice(1), [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'wait' },
        { type: 'tool-call', id: 'b', name: 'f', argumentsText: '{"id":12345678901234567890}' },
        { type: 'tool-call', id: 'a', name: 'g', argumentsText: '{}' },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'b',
          content: [{ type: 'text', text: '{"n":12345678901234567890,"x":1}' }],
        },
        { type: 'tool-result', toolCallId: 'a', content: [{ type: 'text', text: 'no' }], isError: true },
        { type: 'text', text: 'and?' },
      ],
    },
  ]);
});

/** Ids of calls, with their functions, and of results. */
function idsOf(messages: readonly Message[]): string[] {
  return messages.flatMap((message) =>
    message.content.flatMap((part) => {
      if (part.type === 'tool-call') return [`${part.name} ${part.id}`];
      return part.type === 'tool-result' ? [part.toolCallId] : [];
    }),
  );
}

test('calls without ids are told apart by their function and their order', () => {
  const first = [
    HI,
    { role: 'model', parts: [call('f'), call('g'), call('f')] },
    { role: 'user', parts: [response('g'), response('f')] },
    { role: 'function', parts: [response('f')] },
  ];
  const ids = ['f call_1', 'g call_2', 'f call_3', 'call_2', 'call_1', 'call_3'];
  assert.deepEqual(idsOf(messagesOf(...first)), ids);
  const longer = [...first, { role: 'model', parts: [call('f')] }, { role: 'user', parts: [response('f')] }];
  assert.deepEqual(idsOf(messagesOf(...longer)), [...ids, 'f call_4', 'call_4']);
  // An id on one side alone, and one that nobody knows.
  const mixed = [
    HI,
    { role: 'model', parts: [call('f', 'x'), call('g')] },
    { role: 'user', parts: [response('f'), response('g', { id: 'y' }), response('h', { id: 'z' })] },
  ];
  assert.deepEqual(idsOf(messagesOf(...mixed)), ['f x', 'g call_2', 'x', 'call_2', 'z']);
  assert.throws(() => messagesOf(HI, { role: 'user', parts: [response('f')] }), {
    code: 'request_invalid',
    param: 'contents[1].parts[0].functionResponse.name',
  });
});

test('results that come in contents of their own join the turn that they answer', () => {
  const messages = messagesOf(
    HI,
    { role: 'model', parts: [call('f', 'a'), call('f', 'b')] },
    { role: 'user', parts: [response('f', { id: 'a' })] },
    { role: 'user', parts: [{ text: 'x' }, response('f', { id: 'b' })] },
    HI,
  );
  const content = [{ type: 'text', text: 'x' }];
  assert.deepEqual(messages.slice(2), [
    {
      role: 'user',
      content: [
        { type: 'tool-result', toolCallId: 'a', content },
        { type: 'tool-result', toolCallId: 'b', content },
        { type: 'text', text: 'x' },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  ]);
});

test('pieces of a streamed answer are one turn again', () => {
  const pieces = [
    [{ text: 'h', thought: true }],
    [{ text: 'm', thought: true }],
    [{ text: '', thought: true, thoughtSignature: 'AAAA' }],
    [{ text: 'so' }],
    [{ text: ' be it' }],
    [{ text: '' }],
  ];
  const messages = messagesOf(HI, ...pieces.map((parts) => ({ role: 'model', parts })), HI);
  assert.deepEqual(messages[1]?.content, [
    { type: 'reasoning', text: 'hm', signature: 'gemini:AAAA' },
    { type: 'text', text: 'so be it' },
  ]);
  // One that has nothing in it is no turn.
  assert.equal(messagesOf(HI, { role: 'model', parts: [{ text: '' }] }, HI).length, 2);
});

test('signatures stand before what they prove', () => {
  assert.deepEqual(
    modelParts(
      { text: 'a', thoughtSignature: 'AAAA' },
      { functionCall: { name: 'f' }, thoughtSignature: 'BBBB' },
      { text: '', thoughtSignature: 'CCCC' },
      { thought_signature: 'DDDD' },
    ),
    [
      { type: 'reasoning', text: '', signature: 'gemini:AAAA' },
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: '', signature: 'gemini:BBBB' },
      { type: 'tool-call', id: 'call_1', name: 'f', argumentsText: '{}' },
      { type: 'reasoning', text: '', signature: 'gemini:CCCC' },
      { type: 'reasoning', text: '', signature: 'gemini:DDDD' },
    ],
  );
});

test('sealed reasoning takes the place of the thoughts that were shown of it', () => {
  const sealed = [
    { type: 'reasoning', text: 'hm', signature: 's' },
    { type: 'reasoning', text: '', redacted: 'x' },
  ] as const;
  const thoughtSignature = sealForGemini(sealed);
  const text = { type: 'text', text: 'a' };
  for (const shown of [
    [],
    [
      { text: 'h', thought: true },
      { text: 'm', thought: true },
    ],
  ]) {
    assert.deepEqual(modelParts(...shown, { text: 'a', thoughtSignature }), [...sealed, text]);
  }
  assert.throws(() => modelParts({ text: 'a', thoughtSignature: thoughtSignature.slice(0, -9) }), {
    code: 'request_invalid',
    param: 'contents[1].parts[0].thoughtSignature',
  });
});
