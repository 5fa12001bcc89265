import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Dialect } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { segmentsOf } from './segments.ts';

const cache_control = { type: 'ephemeral' };

function namesOf(dialect: Dialect, body: JsonObject): string[] {
  return segmentsOf(dialect, body).map(({ name, part, text }) => `${name} (${part}): ${text}`);
}

describe('the segments of a prompt', () => {
  test('of Anthropic stand in the order in which they are cached: tools, system, settings, messages', () => {
    const names = namesOf('anthropic', {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Well', cache_control },
            { type: 'tool_use', id: 't', name: 'find', input: {} },
          ],
        },
      ],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      system: [
        { type: 'text', text: 'Be kind', cache_control },
        { type: 'text', text: 'Be brief' },
      ],
      tools: [{ name: 'find', input_schema: {}, cache_control }],
    });
    assert.deepEqual(names, [
      'tools[0] (tools): {"name":"find","input_schema":{}}',
      'system[0] (system): Be kind',
      'system[1] (system): Be brief',
      'thinking (settings): {"type":"enabled","budget_tokens":1024}',
      'messages[0] (messages): Hi',
      'messages[1].content[0] (messages): Well',
      'messages[1].content[1] (messages): {"type":"tool_use","id":"t","name":"find","input":{}}',
    ]);
  });

  test('of OpenAI have the system message as system, and calls of tools beside what is said', () => {
    const names = namesOf('openai', {
      messages: [
        { role: 'system', content: 'Be kind' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'find', arguments: '{}' } }],
        },
      ],
      tools: [{ type: 'function', function: { name: 'find' } }],
      response_format: { type: 'json_object' },
    });
    assert.deepEqual(names, [
      'tools[0] (tools): {"type":"function","function":{"name":"find"}}',
      'response_format (settings): {"type":"json_object"}',
      'messages[0] (system): Be kind',
      'messages[1] (messages): Hi',
      'messages[2].tool_calls (messages): {"tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":"{}"}}]}',
    ]);
  });

  test('of Responses and of Gemini too', () => {
    const responses = namesOf('responses', {
      instructions: 'Be kind',
      input: [
        { type: 'message', id: 'm', status: 'completed', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'function_call', call_id: 'c', name: 'find', arguments: '{}' },
      ],
    });
    assert.deepEqual(responses.slice(0, 2), ['instructions (system): Be kind', 'input[0] (messages): Hi']);
    assert.match(responses[2] ?? '', /^input\[1\]\.\S+ \(messages\): .*"name":"find"/);
    assert.deepEqual(namesOf('responses', { input: 'Hi' }), ['input (messages): Hi']);
    const gemini = namesOf('gemini', {
      systemInstruction: { parts: [{ text: 'Be kind' }] },
      tools: [{ functionDeclarations: [{ name: 'find' }, { name: 'list' }] }],
      contents: [{ role: 'user', parts: [{ text: 'Hi' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }],
    });
    assert.deepEqual(gemini, [
      'tools[0].functionDeclarations[0] (tools): {"name":"find"}',
      'tools[0].functionDeclarations[1] (tools): {"name":"list"}',
      'systemInstruction (system): Be kind',
      'contents[0].parts[0] (messages): Hi',
      'contents[0].parts[1] (messages): {"inlineData":{"mimeType":"image/png","data":"AAAA"}}',
    ]);
  });

  test('promise 12: are named by places alone, not by what clients call their own fields', () => {
    const message = { role: 'user', content: 'Hi', name: 'Ada', ['secret '.repeat(9000)]: 1, x: 2 };
    const names = segmentsOf('openai', { messages: [message] }).map(({ name }) => name);
    assert.deepEqual(names, ['messages[0]', 'messages[0].name+other']);
  });

  test('whatever a client sends in their place, it is read', () => {
    for (const odd of [null, 1, 'x', [], [null, 1, [2]], {}, { a: [] }]) {
      const body: JsonObject = {
        tools: odd,
        system: odd,
        messages: odd,
        instructions: odd,
        input: odd,
        contents: odd,
        systemInstruction: odd,
      };
      for (const dialect of ['anthropic', 'openai', 'responses', 'gemini'] as const) segmentsOf(dialect, body);
    }
  });
});
