import type { ServerResponse } from 'node:http';

import type { StandInRequest } from './stand-ins.ts';

const TOKENS = 20;
const FAULT_AT = 5;
const USAGE = { promptTokenCount: 10, candidatesTokenCount: TOKENS, totalTokenCount: 10 + TOKENS };

/** Google's `generateContent` and its stream, with the fault that the model is named after, or none. */
export function answerGemini({ path }: StandInRequest, response: ServerResponse): void {
  const fault = /models\/(cut|stall|malformed|half)/.exec(path)?.[1];
  if (path.includes(':streamGenerateContent')) answerStream(fault, response);
  else answerWhole(fault, response);
}

function part(text: string, isLast: boolean): string {
  const content = { role: 'model', parts: [{ text }] };
  const candidate = { index: 0, content, ...(isLast ? { finishReason: 'STOP' } : {}) };
  return JSON.stringify({
    candidates: [candidate],
    modelVersion: 'gemini-drill',
    ...(isLast ? { usageMetadata: USAGE } : {}),
  });
}

function answerWhole(fault: string | undefined, response: ServerResponse): void {
  const body = part('river '.repeat(TOKENS), true);
  response.writeHead(200, { 'content-type': 'application/json' });
  if (fault === undefined) response.end(body);
  else if (fault === 'malformed') response.end(`${body.slice(0, -1)},}`);
  else interrupt(fault, body.slice(0, body.length / 2), response);
}

function answerStream(fault: string | undefined, response: ServerResponse): void {
  const frames = Array.from({ length: TOKENS }, (_, at) => `data: ${part('river ', at === TOKENS - 1)}\r\n\r\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (fault === 'malformed') frames[FAULT_AT] = 'data: {"candidates": [{"content": }\r\n\r\n';
  if (fault === undefined || fault === 'malformed') response.end(frames.join(''));
  else interrupt(fault, frames.slice(0, FAULT_AT).join('') + (fault === 'half' ? 'data: {"candi' : ''), response);
}

function interrupt(fault: string, text: string, response: ServerResponse): void {
  response.write(text);
  if (fault === 'half') response.end();
  // The bytes before the cut leave with the turn of the event loop.
  if (fault === 'cut') setImmediate(() => response.socket?.destroy());
}
