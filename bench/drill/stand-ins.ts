import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { AbortSeen } from '../../src/models/simulator/stats.ts';
import { endless } from './endless-stand-in.ts';
import { answerGemini } from './gemini-stand-in.ts';

export interface StandInRequest {
  readonly path: string;
  readonly body: string;
}

/** A provider that does what the simulator does not do. */
export interface StandIn {
  answer(request: StandInRequest, response: ServerResponse): void;
  /** What it has seen, beside the number of requests. */
  stats(): Readonly<Record<string, number>>;
}

/** By the name that `causeway.yaml` of the drill knows them under. */
export const STAND_INS = {
  revoked: revokedKey,
  limiting: limitedNowAndThen,
  gemini: geminiWithFaults,
  endless,
} as const;

/** Resolves to its URL. `GET /stats` counts requests and aborts as a simulator's does. */
export async function startStandIn(standIn: StandIn): Promise<string> {
  let requests = 0;
  const aborts: AbortSeen[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    const { method, url: path = '/' } = message;
    if (method === 'GET' && path === '/stats') {
      answerJson(response, 200, { requests, aborts, aborted: aborts.length, ...standIn.stats() });
      return;
    }
    requests += 1;
    const startedAt = performance.now();
    response.once('close', () => {
      if (response.writableFinished) return;
      const at = new Date().toISOString();
      aborts.push({ at, path, model: undefined, afterMs: performance.now() - startedAt });
    });
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => standIn.answer({ path, body: Buffer.concat(chunks).toString() }, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** As OpenAI says it. @see https://platform.openai.com/docs/guides/error-codes */
function revokedKey(): StandIn {
  const error = {
    message: 'Incorrect API key provided: drill-****. You can find your API key in your account settings.',
    type: 'invalid_request_error',
    param: null,
    code: 'invalid_api_key',
  };
  return { answer: (_, response) => answerJson(response, 401, { error }), stats: () => ({}) };
}

const REFUSED_ONE_IN = 10;
const RETRY_AFTER_S = 1;

/** Every tenth new request is told to come back after a second, and what comes back sooner is counted. */
function limitedNowAndThen(): StandIn {
  const refusedAt = new Map<string, number>();
  let fresh = 0;
  let refused = 0;
  let tooEarly = 0;
  const error = { message: 'Rate limit reached.', type: 'requests', param: null, code: 'rate_limit_exceeded' };
  return {
    answer({ body }, response) {
      const before = refusedAt.get(body);
      if (before === undefined) {
        fresh += 1;
        if (fresh % REFUSED_ONE_IN === 0) {
          refused += 1;
          refusedAt.set(body, performance.now());
          answerJson(response, 429, { error }, { 'retry-after': String(RETRY_AFTER_S) });
          return;
        }
      } else if (performance.now() - before < RETRY_AFTER_S * 1000) tooEarly += 1;
      answerChat(body, response);
    },
    stats: () => ({ refused, tooEarly }),
  };
}

const TEXT = 'Rivers carry rain from the hills to the sea, and towns have always grown beside them.';

function answerChat(body: string, response: ServerResponse): void {
  const { stream } = JSON.parse(body) as { stream?: boolean };
  const shape = { id: 'chatcmpl-drill', created: 1, model: 'limited' };
  const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 };
  if (stream !== true) {
    const message = { role: 'assistant', content: TEXT };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    answerJson(response, 200, { ...shape, object: 'chat.completion', choices, usage });
    return;
  }
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ ...shape, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ role: 'assistant', content: TEXT }, null));
  response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
}

function geminiWithFaults(): StandIn {
  return { answer: answerGemini, stats: () => ({}) };
}
