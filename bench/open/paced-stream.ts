/**
 * The streams that are paced, so that both ends agree. The first token says in letters when the stream began, in
 * microseconds of the machine's own clock; a number there could be a telephone's, which guards would look at.
 */
export const TOKEN_MS = 20;
/** Of a token's text; all are of the same length, so that the text's length says how many came. */
export const TOKEN_CHARS = 12;
const A = 97;
const LETTERS = 26;
const WORD = 'slow rivers '.padEnd(TOKEN_CHARS);
const HEAD = { id: 'chatcmpl-paced', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench-1' };

export function startText(atMs: number): string {
  let left = Math.round(atMs * 1000);
  let text = '';
  for (let at = 0; at < TOKEN_CHARS; at += 1) {
    text = String.fromCharCode(A + (left % LETTERS)) + text;
    left = Math.floor(left / LETTERS);
  }
  return text;
}

export function startOf(text: string): number {
  let us = 0;
  for (let at = 0; at < TOKEN_CHARS; at += 1) us = us * LETTERS + (text.charCodeAt(at) - A);
  return us / 1000;
}

function event(choices: readonly object[], rest: object = {}): string {
  return `data: ${JSON.stringify({ ...HEAD, choices, ...rest })}\n\n`;
}

/** A piece of a chunked body. */
function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

const token = (content: string): string =>
  event([{ index: 0, delta: { content }, logprobs: null, finish_reason: null }]);

export const FIRST_TOKEN = (startMs: number): Buffer => chunk(token(startText(startMs)));
export const NEXT_TOKEN = chunk(token(WORD));
/** What closes a stream, with usage where it was asked for. */
export function lastPieces(tokens: number, withUsage: boolean): Buffer {
  const usage = { prompt_tokens: 20, completion_tokens: tokens, total_tokens: 20 + tokens };
  const finish = event([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }]);
  const text = `${finish}${withUsage ? event([], { usage }) : ''}data: [DONE]\n\n`;
  return Buffer.concat([chunk(text), Buffer.from('0\r\n\r\n')]);
}
