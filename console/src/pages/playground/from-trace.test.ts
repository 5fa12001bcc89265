import { describe, expect, test } from 'vitest';

import { NO_HEADERS } from './draft.ts';
import { fromTrace } from './from-trace.ts';
import { askedOf } from './request-body.ts';

const trace = (dialect: string, input: unknown) => fromTrace({ dialect, input, model: 'm', virtual_model: null });

describe('a recorded request', () => {
  test('of chat completions comes back as it was', () => {
    const body = {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'a', arguments: '{"x":1}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: '2' },
      ],
      temperature: 0.5,
      max_completion_tokens: 30,
      stop: ['a', 'b'],
      tools: [{ type: 'function', function: { name: 'a', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'a' } },
      stream: true,
      stream_options: { include_usage: true },
    };
    const { prompt, column, losses, dropped } = trace('openai', body);
    expect([losses, dropped]).toEqual([[], []]);
    expect(askedOf(prompt, column, NO_HEADERS).body).toEqual(body);
  });

  test('of messages keeps its dialect, and says what is left out', () => {
    const { prompt, column, losses, dropped } = trace('anthropic', {
      model: 'm',
      system: [{ type: 'text', text: 'Be brief.' }],
      max_tokens: 50,
      messages: [
        { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm' },
            { type: 'text', text: 'Yes' },
          ],
        },
        { role: 'user', content: 'Go on' },
      ],
      thinking: { type: 'enabled' },
    });
    expect(column).toMatchObject({ dialect: 'messages', model: 'm' });
    expect(column.parameters.maxTokens).toBe('50');
    expect(prompt.system).toBe('Be brief.');
    expect(prompt.turns.map(({ role, text }) => [role, text])).toEqual([
      ['assistant', 'Yes'],
      ['user', 'Go on'],
    ]);
    expect(losses).toEqual(['media', 'reasoning']);
    expect(dropped).toEqual(['thinking']);
  });

  test('of Gemini is asked as chat completions', () => {
    const { prompt, column, losses } = trace('gemini', {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: { temperature: 0.2, maxOutputTokens: 9 },
    });
    expect(column.dialect).toBe('chat');
    expect(losses).toEqual(['dialect']);
    expect([prompt.system, prompt.turns[0]?.text]).toEqual(['Be brief.', 'Hi']);
    expect(column.parameters).toMatchObject({ temperature: '0.2', maxTokens: '9' });
  });

  test('without its texts has a model and nothing else', () => {
    const { prompt, column, losses } = trace('openai', { sha256: 'ab' });
    expect(losses).toEqual(['noInput']);
    expect(column.model).toBe('m');
    expect(prompt.turns).toHaveLength(1);
  });
});
