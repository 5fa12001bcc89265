/** What providers say on the wire, in few bytes. */

export function openAiFrame(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'c1', model: 'gpt-4o-mini-2024-07-18', choices })}\n\n`;
}

export const OPENAI_ROLE = openAiFrame({ role: 'assistant', content: '' });
export const OPENAI_HELLO = openAiFrame({ content: 'Hello' });
export const OPENAI_STOP = openAiFrame({}, 'stop');
export const OPENAI_USAGE = `data: ${JSON.stringify({
  id: 'c1',
  choices: [],
  usage: { prompt_tokens: 1000, completion_tokens: 500 },
})}\n\n`;
export const DONE = 'data: [DONE]\n\n';

export const OPENAI_ANSWER = {
  id: 'c1',
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 500 },
};

export function anthropicFrame(type: string, body: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`;
}

export const ANTHROPIC_START = anthropicFrame('message_start', {
  message: { id: 'msg_1', model: 'claude-haiku-4-5-20251001', usage: { input_tokens: 100, output_tokens: 1 } },
});
export const ANTHROPIC_BLOCK = anthropicFrame('content_block_start', {
  index: 0,
  content_block: { type: 'text', text: '' },
});
export const ANTHROPIC_HELLO = anthropicFrame('content_block_delta', {
  index: 0,
  delta: { type: 'text_delta', text: 'Hello, dear reader' },
});
export const ANTHROPIC_END =
  anthropicFrame('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } }) +
  anthropicFrame('message_stop', {});
