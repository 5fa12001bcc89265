import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { ConnectionError } from 'fastify';

import { GatewayError } from '../core/errors.ts';
import { noteBodyFault } from './body-reader.ts';
import { HttpCall, type RequestHead } from './call-factory.ts';
import { adapterOf, detectDialect } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { keepsOwnPace } from './forms/form-source.ts';
import { UNKNOWN_ENDPOINT, pathError, pathOf } from './not-found.ts';
import { DISCARD_MS, REQUEST_ID_HEADER, isDiscarding } from './write-error.ts';

/** Node's HTTP server keeps the response that a socket is busy with here. */
type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

const answered = new WeakSet<Socket>();

/** Answers what never became a request: bytes that are not HTTP, headers without end, requests that do not arrive. */
export function rawErrorHandler(deps: EdgeDeps) {
  return (fault: ConnectionError, socket: HttpSocket): void => {
    // What a client still sends after its fault is faulty too; it was answered.
    if (answered.has(socket)) return;
    // A large upload may take its time, as long as something comes.
    if (fault.code === 'ERR_HTTP_REQUEST_TIMEOUT' && keepsOwnPace(socket)) return;
    // A connection on which nothing was ever said (a warmed-up one, a TCP health check) is no request.
    if (isOver(fault, socket)) {
      socket.destroy();
      return;
    }
    const error = gatewayErrorOf(fault);
    const head: RequestHead = { headers: {}, url: requestedUrl(fault.rawPacket), socket };
    if (socket._httpMessage) {
      // The fault is inside a body that is being read; its reader records it.
      noteBodyFault(socket, error);
      answerOn(socket, rawCall(deps, head), error);
    } else {
      refuseOn(socket, deps, head, error);
    }
  };
}

/** Nobody is left to be told, or everything was said. */
function isOver(fault: ConnectionError, socket: HttpSocket): boolean {
  if (fault.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) return true;
  return isDiscarding(socket) || socket._httpMessage?.headersSent === true;
}

/** Tunnels are not served; without a listener Node would close the connection without a word. */
export function refuseTunnels(server: Server, deps: EdgeDeps): void {
  server.on('connect', (request, socket) => {
    refuseOn(socket as Socket, deps, request, pathError('CONNECT', pathOf(request.url ?? ''), []));
  });
}

function refuseOn(socket: Socket, deps: EdgeDeps, head: RequestHead, error: GatewayError): void {
  const call = rawCall(deps, head);
  deps.refuse(call, error);
  answerOn(socket, call, error);
}

function rawCall(deps: EdgeDeps, head: RequestHead): HttpCall {
  const adapter = detectDialect(pathOf(head.url ?? ''), head.headers);
  return new HttpCall({ adapter, operation: 'chat', endpoint: UNKNOWN_ENDPOINT }, head, deps);
}

function gatewayErrorOf(fault: ConnectionError): GatewayError {
  switch (fault.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('headers_too_large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('request_invalid', { message: 'The request did not arrive in time. Send it again.' });
    case 'HPE_INVALID_EOF_STATE':
      return new GatewayError('client_aborted');
    default:
      return new GatewayError('request_invalid', { message: 'What came is not valid HTTP.', cause: fault });
  }
}

/** From the request line, if the packet at fault has it. */
function requestedUrl(packet: unknown): string {
  const line = packet instanceof Buffer ? packet.toString('latin1', 0, 2048) : '';
  return /^[A-Z]+ (\S+)/.exec(line)?.[1] ?? '';
}

function answerOn(socket: Socket, call: HttpCall, error: GatewayError): void {
  answered.add(socket);
  const { status, headers, body } = adapterOf(call.dialect).renderError(error, call.id);
  const lines = Object.entries({
    ...headers,
    [REQUEST_ID_HEADER]: call.id,
    'content-length': String(body.byteLength),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
  socket.end(body);
  // What still comes is read and dropped for a moment: closing under a sender would lose it the answer.
  socket.removeAllListeners('data').on('error', ignore).resume();
  const timer = setTimeout(() => socket.destroy(), DISCARD_MS).unref();
  socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer));
}

function ignore(): void {}
