import type { ServerResponse } from 'node:http';

import type { StandIn } from './stand-ins.ts';

const WRITE_BYTES = 65_536;
/** Of each answer; more than all buffers on the way hold. */
const ANSWER_BYTES = 64 * 1024 ** 2;
const WORDS = 'Rivers carry rain from the hills to the sea. ';

const CHAT_EVENT = `data: ${JSON.stringify({
  id: 'chatcmpl-drill',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'endless',
  choices: [{ index: 0, delta: { content: WORDS }, finish_reason: null }],
})}\n\n`;

const MESSAGES_START = [
  {
    type: 'message_start',
    message: {
      id: 'msg_drill',
      type: 'message',
      role: 'assistant',
      model: 'endless',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
];
const MESSAGES_EVENT = anthropicEvent({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: WORDS },
});

function anthropicEvent(event: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * A stream that is as long as nobody reads, in OpenAI's or Anthropic's form. It costs next to nothing to make, so that
 * many of them do not slow down what stands beside them; whoever does not take it stops it.
 */
export function endless(): StandIn {
  let bytes = 0;
  return {
    answer({ path }, response) {
      const isMessages = path.endsWith('/messages');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (isMessages) response.write(MESSAGES_START.map(anthropicEvent).join(''));
      const event = isMessages ? MESSAGES_EVENT : CHAT_EVENT;
      pour(Buffer.from(event.repeat(Math.ceil(WRITE_BYTES / event.length))), response, (written) => {
        bytes += written;
      });
    },
    stats: () => ({ bytes }),
  };
}

function pour(block: Buffer, response: ServerResponse, onWritten: (bytes: number) => void): void {
  let left = ANSWER_BYTES;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      onWritten(block.length);
      if (!response.write(block)) return;
    }
    // Its end would be a lie: nothing said that the answer is whole.
    response.destroy();
  };
  response.on('drain', write);
  write();
}
