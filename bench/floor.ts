import type { AddressInfo } from 'node:net';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';

import Fastify from 'fastify';
import { type Dispatcher, Pool } from 'undici';

import { say } from './messages.ts';
import { CHAT_PATH } from './traffic.ts';

/**
 * The least that a relay on Fastify and undici can do and still be right: status, type and bytes go through,
 * a slow reader holds the upstream back, a gone reader ends it. It parses nothing and knows nobody.
 */

const PASSED_HEADERS = ['content-type', 'content-length'] as const;

const [upstreamOrigin = ''] = process.argv.slice(2);
const pool = new Pool(upstreamOrigin, { connections: null, pipelining: 1 });

class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#response.on('drain', () => controller.resume());
    this.#response.on('close', () => {
      if (!this.#response.writableFinished) controller.abort(new Error('the reader left'));
    });
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const passed: OutgoingHttpHeaders = {};
    for (const name of PASSED_HEADERS) if (headers[name] !== undefined) passed[name] = headers[name];
    this.#response.writeHead(status, passed);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(502).end();
  }
}

const app = Fastify();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post<{ Body: Buffer }>(CHAT_PATH, (request, reply) => {
  reply.hijack();
  const headers = { 'content-type': 'application/json' };
  pool.dispatch({ method: 'POST', path: CHAT_PATH, headers, body: request.body }, new Relay(reply.raw));
});
await app.listen({ port: 0, host: '127.0.0.1' });
say('ready', { port: (app.server.address() as AddressInfo).port });
