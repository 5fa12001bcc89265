import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyContentTypeParser } from 'fastify';

import { GatewayError } from '../core/errors.ts';

/** `application/json`, and what is JSON by its suffix. */
export const JSON_CONTENT_TYPE = /^application\/(?:[\w.-]+\+)?json(?:;|$)/i;

/** Faults that the HTTP parser met in the middle of a body; the reader of that body reports them. */
const bodyFaults = new WeakMap<Socket, GatewayError>();

export function noteBodyFault(socket: Socket, error: GatewayError): void {
  bodyFaults.set(socket, error);
}

export function bodyFaultOf(socket: Socket): GatewayError | undefined {
  return bodyFaults.get(socket);
}

type Done = (error: GatewayError | null, body?: Buffer) => void;

/** {@link readBody} as the framework asks for it. */
export function bodyReader(limitBytes: number): FastifyContentTypeParser {
  return (_request, payload, done) => readBody(payload, limitBytes, done);
}

/**
 * Reads a body into one Buffer and leaves it unparsed, up to the limit whether or not a length was declared.
 * Over the limit it stops collecting; the rest is discarded as it comes, so that the client gets to read the refusal.
 * @param done is called once
 */
export function readBody(source: IncomingMessage, limitBytes: number, done: Done): void {
  if (Number(source.headers['content-length']) > limitBytes) {
    done(tooLarge(limitBytes));
    return;
  }
  let chunks: Buffer[] = [];
  let bytes = 0;
  let isSettled = false;
  // The listeners stay: what comes later is discarded, and a socket that breaks later has nobody to tell.
  const settle = (error: GatewayError | null, body?: Buffer): void => {
    if (isSettled) return;
    isSettled = true;
    chunks = [];
    done(error, body);
  };
  source.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limitBytes) settle(tooLarge(limitBytes));
    else if (!isSettled) chunks.push(chunk);
  });
  source.on('end', () => settle(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, bytes)));
  source.on('error', () => settle(bodyFaults.get(source.socket) ?? new GatewayError('client_aborted')));
}

function tooLarge(limitBytes: number): GatewayError {
  return new GatewayError('request_too_large', {
    message: `The request body is over this gateway's limit of ${limitBytes} bytes (server.bodyLimit).`,
  });
}
