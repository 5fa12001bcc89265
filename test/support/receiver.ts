import { type IncomingHttpHeaders, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server on this machine that takes what is sent to it, and answers as the test says. */
export class Receiver {
  readonly received: Received[] = [];
  /** Answers one request; `ok` and 200 where the test says nothing. */
  answer: (response: ServerResponse, count: number) => void = (response) => response.end('ok');
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      this.received.push({ path, headers, body: Buffer.concat(chunks).toString() });
      this.answer(response, this.received.length);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  });
  readonly #waiting: (() => void)[] = [];

  async listen(): Promise<this> {
    await new Promise<void>((listening) => void this.#server.listen(0, '127.0.0.1', listening));
    return this;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** Resolves when so many requests have come. */
  async count(many: number): Promise<void> {
    while (this.received.length < many) await new Promise<void>((come) => void this.#waiting.push(come));
  }

  /** What every request has, as JSON. */
  get bodies(): unknown[] {
    return this.received.map(({ body }): unknown => JSON.parse(body));
  }

  clear(): void {
    this.received.length = 0;
    this.answer = (response) => response.end('ok');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
