import { describe, expect, test } from 'vitest';

import { type Answer, NO_ANSWER, withEvent } from './answer.ts';
import type { Dialect } from './draft.ts';

function read(dialect: Dialect, events: readonly object[]): Answer {
  return events.reduce<Answer>((answer, event) => withEvent(answer, dialect, event), NO_ANSWER);
}

const call = (part: object) => ({ choices: [{ delta: { tool_calls: [part] } }] });

describe('an answer from its stream', () => {
  test('of chat completions', () => {
    const answer = read('chat', [
      { choices: [{ delta: { role: 'assistant', content: '' } }] },
      { choices: [{ delta: { reasoning_content: 'Hm. ' } }] },
      { choices: [{ delta: { content: 'It ' } }] },
      { choices: [{ delta: { content: 'is' } }] },
      call({ index: 0, id: 'c1', function: { name: 'a', arguments: '' } }),
      call({ index: 1, id: 'c2', function: { name: 'b', arguments: '{' } }),
      call({ index: 0, function: { arguments: '{"x":1}' } }),
      call({ index: 1, function: { arguments: '}' } }),
      { choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
      {
        choices: [],
        usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 3 } },
      },
    ]);
    expect(answer).toMatchObject({ text: 'It is', reasoning: 'Hm. ', finish: 'tool_calls', error: undefined });
    expect(answer.usage).toEqual({ input: 9, output: 4, cached: 3 });
    expect(answer.calls.map(({ id, name, arguments: args }) => [id, name, args])).toEqual([
      ['c1', 'a', '{"x":1}'],
      ['c2', 'b', '{}'],
    ]);
  });

  test('of messages: what was cached is a part of the input', () => {
    const answer = read('messages', [
      {
        type: 'message_start',
        message: { usage: { input_tokens: 10, cache_read_input_tokens: 30, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Yes' } },
      { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 't1', name: 'a', input: {} } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"x":1}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 12 } },
    ]);
    expect(answer).toMatchObject({ text: 'Yes', reasoning: 'Hm.', finish: 'tool_use' });
    expect(answer.usage).toEqual({ input: 40, output: 12, cached: 30 });
    expect(answer.calls).toEqual([{ at: '2', id: 't1', name: 'a', arguments: '{"x":1}' }]);
  });

  test('of responses', () => {
    const answer = read('responses', [
      { type: 'response.output_text.delta', output_index: 0, delta: 'Yes' },
      {
        type: 'response.output_item.added',
        output_index: 1,
        item: { type: 'function_call', call_id: 'f1', name: 'a' },
      },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{}' },
      {
        type: 'response.completed',
        response: { status: 'completed', error: null, usage: { input_tokens: 5, output_tokens: 2 } },
      },
    ]);
    expect(answer).toMatchObject({ text: 'Yes', finish: 'completed', error: undefined });
    expect(answer.calls).toEqual([{ at: '1', id: 'f1', name: 'a', arguments: '{}' }]);
    expect(answer.usage).toEqual({ input: 5, output: 2 });
  });

  test('a failure in the stream keeps what had come', () => {
    const failed = { error: { message: 'cut off', code: 'x' } };
    const answer = read('chat', [{ choices: [{ delta: { content: 'It' } }] }, failed]);
    expect(answer).toMatchObject({ text: 'It', error: 'cut off' });
    expect(read('messages', [{ type: 'error', ...failed }]).error).toBe('cut off');
    expect(read('responses', [{ type: 'error', message: 'gone' }]).error).toBe('gone');
  });
});
