import { describe, expect, it } from 'vitest';

import { asText, readInput, readOutput } from './messages.ts';

describe('what was asked', () => {
  it('is read from OpenAI chats, with pictures, calls and results', () => {
    const messages = readInput({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(4096)}` } },
            { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{"a":1}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: '{"b":2}' },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', parts: [{ kind: 'text', text: 'Be kind.' }] },
      {
        role: 'user',
        parts: [
          { kind: 'text', text: 'Look' },
          { kind: 'media', what: 'image/png', from: '4 KiB' },
          { kind: 'media', what: 'image', from: 'https://example.com/cat.png' },
        ],
      },
      { role: 'assistant', parts: [{ kind: 'tool-call', id: 'c1', name: 'f', value: { a: 1 } }] },
      { role: 'tool', parts: [{ kind: 'tool-result', id: 'c1', value: { b: 2 } }] },
    ]);
  });

  it('is read from Anthropic messages', () => {
    const messages = readInput({
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 's' },
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'sunny' }] },
            { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
          ],
        },
      ],
    });
    expect(messages?.map(({ role }) => role)).toEqual(['system', 'assistant', 'user']);
    expect(messages?.flatMap(({ parts }) => parts)).toEqual([
      { kind: 'text', text: 'Be brief.' },
      { kind: 'reasoning', text: 'hm' },
      { kind: 'tool-call', id: 't1', name: 'f', value: { a: 1 } },
      { kind: 'tool-result', id: 't1', value: 'sunny' },
      { kind: 'media', what: 'image/jpeg', from: '1 KiB' },
    ]);
  });

  it('is read from the responses API, as items or as one text', () => {
    const items = [
      { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'thinking' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'ok' },
    ];
    const messages = readInput({ instructions: 'Be kind.', input: items });
    expect(messages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'assistant', 'tool']);
    expect(readInput({ input: 'Hi' })).toEqual([{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }]);
  });

  it('is read from Gemini', () => {
    const messages = readInput({
      systemInstruction: { parts: [{ text: 'Be short.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        { role: 'model', parts: [{ text: 'hm', thought: true }, { functionCall: { name: 'f', args: { a: 1 } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { r: 2 } } }] },
      ],
    });
    expect(messages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages?.at(2)?.parts.map(({ kind }) => kind)).toEqual(['reasoning', 'tool-call']);
  });

  it('is a list of messages where a conversation tells only what is new', () => {
    expect(readInput([{ role: 'user', content: 'Hi' }])).toHaveLength(1);
  });

  it('is no conversation where it is something else, was cut, or is a hash', () => {
    expect(readInput({ input: ['one', 'two'] })).toBeUndefined();
    expect(readInput('{"messages":[{"ro')).toBeUndefined();
    expect(readInput({ sha256: 'ab', bytes: 3 })).toBeUndefined();
    expect(readInput(null)).toBeUndefined();
    expect(readInput({ messages: [] })).toBeUndefined();
  });

  it('keeps what it does not know', () => {
    const block = { type: 'server_tool_use', id: 's' };
    expect(readInput({ messages: [{ role: 'user', content: [block] }] })?.[0]?.parts).toEqual([
      { kind: 'other', value: block },
    ]);
  });
});

describe('what was answered', () => {
  it.each([
    ['put together', [{ content: 'Hi', reasoning: 'hm' }]],
    ['OpenAI', { choices: [{ message: { role: 'assistant', content: 'Hi', reasoning_content: 'hm' } }] }],
    [
      'Anthropic',
      {
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'Hi' },
        ],
        role: 'assistant',
      },
    ],
    ['Gemini', { candidates: [{ content: { parts: [{ text: 'hm', thought: true }, { text: 'Hi' }] } }] }],
  ])('is read: %s', (_, output) => {
    expect(readOutput(output)).toEqual([
      {
        role: 'assistant',
        parts: [
          { kind: 'reasoning', text: 'hm' },
          { kind: 'text', text: 'Hi' },
        ],
      },
    ]);
  });

  it('is read from the responses API', () => {
    const output = [
      { type: 'reasoning', summary: [{ text: 'hm' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
    ];
    expect(readOutput({ output })?.flatMap(({ parts }) => parts.map(({ kind }) => kind))).toEqual([
      'reasoning',
      'text',
    ]);
  });

  it('has one message for each of several answers', () => {
    expect(readOutput([{ content: 'a' }, { content: 'b' }])).toHaveLength(2);
  });

  it('is no conversation where it is an error or vectors', () => {
    expect(readOutput({ error: { message: 'no' } })).toBeUndefined();
    expect(readOutput({ vectors: 2, dimensions: 8 })).toBeUndefined();
  });

  it('becomes lines to hold against others', () => {
    const messages = readOutput([{ content: 'Hi', tool_calls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }] }]) ?? [];
    expect(asText(messages)).toBe('# assistant\nHi\n→ f {\n  "a": 1\n}');
  });
});
