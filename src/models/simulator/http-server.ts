import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

import type { AnswerOutput } from './playback.ts';
import type { Simulator } from './simulator.ts';

const MOST_BODY_BYTES = 64 * 1024 ** 2;
const NO_BODY = Buffer.alloc(0);

/** The simulator on a real socket: every path of both dialects, with and without `/v1`, `GET /stats` and `GET /simulator/billing`. */
export function createSimulatorServer(simulator: Simulator): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const report = request.method === 'GET' ? REPORTS.get(request.url ?? '') : undefined;
    if (report) answerJson(response, report(simulator));
    else readBody(request, response, (body) => serve(simulator, request, response, body));
  });
  // Silence is one of the things that a simulator has to be able to keep up.
  server.timeout = 0;
  return server;
}

/** What it says of itself, which is no part of a provider's API. */
const REPORTS = new Map<string, (simulator: Simulator) => object>([
  ['/stats', ({ stats }) => stats],
  ['/simulator/billing', ({ billing }) => billing],
]);

function answerJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function readBody(request: IncomingMessage, response: ServerResponse, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
    else if (!response.headersSent) response.writeHead(413, { connection: 'close' }).end();
  });
  request.on('end', () => {
    if (size > MOST_BODY_BYTES) return;
    const [first = NO_BODY] = chunks;
    done(chunks.length <= 1 ? first : Buffer.concat(chunks));
  });
}

function serve(simulator: Simulator, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method = 'GET', url = '/', headers } = request;
  const exchange = simulator.serve({ method, path: url, headers, body: body.toString('utf8') }, outputTo(response));
  if (response.writableEnded) return;
  response.on('drain', () => exchange.resume());
  // After the regular end of an answer this changes nothing.
  response.on('close', () => exchange.abort());
}

function outputTo(response: ServerResponse): AnswerOutput {
  return {
    head: (status, headers) => response.writeHead(status, headers),
    write: (text) => response.write(text),
    end: (text) => response.end(text),
    cut: (text) => {
      if (text !== '') response.write(text);
      // The bytes written before the cut leave with the turn of the event loop.
      setImmediate(() => response.socket?.destroy());
    },
  };
}
