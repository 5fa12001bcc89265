import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { GatewayError } from '../core/errors.ts';
import type { DialectAdapter } from './dialects/dialect-adapter.ts';

export const REQUEST_ID_HEADER = 'x-causeway-request-id';

/** How long the rest of a refused body is discarded before the connection is cut. */
export const DISCARD_MS = 5000;

/** Answers with an error in the dialect's shape; `own` are our headers. The response's must not be out yet. */
export function writeError(
  response: ServerResponse,
  adapter: DialectAdapter,
  error: GatewayError,
  own: Readonly<Record<string, string>> & { readonly [REQUEST_ID_HEADER]: string },
): void {
  const { status, headers, body } = adapter.renderError(error, own[REQUEST_ID_HEADER]);
  response.writeHead(status, { ...headers, ...own, 'content-length': String(body.byteLength) });
  response.end(body);
  discardRest(response);
}

const discarding = new WeakSet<Socket>();

/** Whether what comes on this connection is the rest of a request that has its answer. */
export function isDiscarding(socket: Socket): boolean {
  return discarding.has(socket);
}

/** A connection that is closed under a client which still sends loses the answer, so what comes is read and dropped. */
export function discardRest(response: ServerResponse): void {
  const request = response.req;
  if (request.complete || request.destroyed) return;
  const { socket } = request;
  discarding.add(socket);
  request.resume();
  const timer = setTimeout(() => request.destroy(), DISCARD_MS);
  timer.unref();
  request.once('close', () => {
    clearTimeout(timer);
    // What follows on it after a whole request is the next one.
    if (request.complete) discarding.delete(socket);
  });
}
