import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

import { say } from './messages.ts';
import { streamFrames, wholeAnswer } from './traffic.ts';

/** The model server of the bench: reads each request to its end, answers with bytes made beforehand. */

const { values } = parseArgs({ options: { pace: { type: 'string', default: '0' } } });
/** Milliseconds between two events; 0 sends them in a few writes, each in its own turn of the event loop. */
const paceMs = Number(values.pace);
const FRAMES_PER_WRITE = paceMs > 0 ? 1 : 16;

const WHOLE = Buffer.from(wholeAnswer());
const WHOLE_HEADERS = { 'content-type': 'application/json', 'content-length': String(WHOLE.length) };
const STREAM_HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const PLAIN_STREAM = inWrites(streamFrames(false));
const STREAM_WITH_USAGE = inWrites(streamFrames(true));

function inWrites(frames: readonly string[]): Buffer[] {
  const writes: Buffer[] = [];
  for (let at = 0; at < frames.length; at += FRAMES_PER_WRITE) {
    writes.push(Buffer.from(frames.slice(at, at + FRAMES_PER_WRITE).join('')));
  }
  return writes;
}

function writeFrom(response: ServerResponse, writes: readonly Buffer[], at: number): void {
  const bytes = writes[at];
  if (response.destroyed) return;
  if (bytes === undefined) {
    response.end();
    return;
  }
  response.write(bytes);
  if (paceMs > 0) setTimeout(writeFrom, paceMs, response, writes, at + 1);
  else setImmediate(writeFrom, response, writes, at + 1);
}

function answer(body: Buffer, response: ServerResponse): void {
  if (/"stream"\s*:\s*true/.test(body.toString('latin1'))) {
    response.writeHead(200, STREAM_HEADERS);
    writeFrom(response, body.includes('"include_usage":true') ? STREAM_WITH_USAGE : PLAIN_STREAM, 0);
  } else {
    response.writeHead(200, WHOLE_HEADERS);
    response.end(WHOLE);
  }
}

function onRequest(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(Buffer.concat(chunks), response));
}

const server = createServer({ keepAliveTimeout: 600_000 }, onRequest);
server.listen(0, '127.0.0.1', () => say('ready', { port: (server.address() as AddressInfo).port }));
