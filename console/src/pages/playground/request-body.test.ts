import { describe, expect, test } from 'vitest';

import { type Column, NO_HEADERS, NO_PARAMETERS, type Prompt, newColumn, newPrompt, newTurn } from './draft.ts';
import { askedOf } from './request-body.ts';

const CALL = { id: 'c1', name: 'get_weather', arguments: '{"city":"Ulm"}' };
const prompt: Prompt = {
  ...newPrompt(),
  system: 'Be brief.',
  turns: [
    newTurn('user', 'How warm is it?'),
    newTurn('assistant', '', { calls: [CALL] }),
    newTurn('tool', '21', { callId: 'c1' }),
    newTurn('user', 'And in °F?'),
  ],
  tools: '[{"name":"get_weather","parameters":{"type":"object"}}]',
  toolChoice: 'required',
};

function column(dialect: Column['dialect'], parameters: Partial<Column['parameters']> = {}): Column {
  return { ...newColumn('chat'), dialect, parameters: { ...NO_PARAMETERS, ...parameters } };
}

const bodyOf = (...asked: Parameters<typeof column>) => askedOf(prompt, column(...asked), NO_HEADERS).body;

const headers = (part: Partial<typeof NO_HEADERS>) =>
  askedOf(prompt, column('chat'), { ...NO_HEADERS, ...part }).headers;
const asked = (part: Partial<Prompt>, of = column('chat')) => askedOf({ ...prompt, ...part }, of, NO_HEADERS);

describe('the body of a request', () => {
  test('in chat completions', () => {
    const body = bodyOf('chat', { maxTokens: '20', stop: 'a\nb', effort: 'low' });
    expect(body).toMatchObject({
      model: 'chat',
      max_completion_tokens: 20,
      stop: ['a', 'b'],
      reasoning_effort: 'low',
      tool_choice: 'required',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'How warm is it?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Ulm"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '21' },
      { role: 'user', content: 'And in °F?' },
    ]);
    expect(body).not.toHaveProperty('temperature');
  });

  test('in messages: a result stands in one message with what the user says next', () => {
    const body = bodyOf('messages', { format: 'schema', schema: '{"type":"object"}' });
    expect(body).toMatchObject({
      system: 'Be brief.',
      max_tokens: 1024,
      tool_choice: { type: 'any' },
      tools: [{ name: 'get_weather', input_schema: { type: 'object' } }],
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'How warm is it?' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'get_weather', input: { city: 'Ulm' } }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '21' },
          { type: 'text', text: 'And in °F?' },
        ],
      },
    ]);
  });

  test('in responses', () => {
    const body = bodyOf('responses', { effort: 'high' });
    expect(body).toMatchObject({ instructions: 'Be brief.', reasoning: { effort: 'high' }, store: false });
    expect(body['input']).toEqual([
      { role: 'user', content: 'How warm is it?' },
      { type: 'function_call', call_id: 'c1', name: 'get_weather', arguments: '{"city":"Ulm"}' },
      { type: 'function_call_output', call_id: 'c1', output: '21' },
      { role: 'user', content: 'And in °F?' },
    ]);
  });

  test('what an API has no field for is told', () => {
    const set = { seed: '7', stop: 'x', format: 'json' as const };
    const leftOut = (dialect: Column['dialect']) => askedOf(prompt, column(dialect, set), NO_HEADERS).leftOut;
    expect(leftOut('chat')).toEqual([]);
    expect(leftOut('messages')).toEqual(['seed', 'json']);
    expect(leftOut('responses')).toEqual(['seed', 'stop']);
    expect(bodyOf('responses', set)).not.toHaveProperty('stop');
  });

  test('headers are ASCII; metadata is made so', () => {
    expect(headers({ user: ' ada ', metadata: '{"team":"搜"}' })).toEqual({
      'x-causeway-user': 'ada',
      'x-causeway-metadata': String.raw`{"team":"\u641c"}`,
    });
    expect(() => headers({ user: '小明' })).toThrow('header: x-causeway-user');
    expect(() => headers({ metadata: '[1]' })).toThrow('metadata');
  });

  test('what cannot be sent says where it is', () => {
    expect(() => asked({ turns: [newTurn('user', ' ')] })).toThrow('turns');
    expect(() => asked({ tools: '[{]' })).toThrow('tools');
    expect(() => asked({ tools: '[{"description":"x"}]' })).toThrow('tools: [0].name');
    expect(() => asked({}, column('chat', { format: 'schema', schema: '3' }))).toThrow('schema');
    expect(() => asked({}, newColumn(''))).toThrow('model');
  });
});
