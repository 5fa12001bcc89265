import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

import { say } from './messages.ts';
import { PACED_MARK, streamFrames, wholeAnswer } from './traffic.ts';

/** The model server of the bench: reads each request to its end, answers with bytes made beforehand. */

const { values } = parseArgs({ options: { pace: { type: 'string', default: '0' } } });
/** Milliseconds between two events; 0 sends them in a few writes, each in its own turn of the event loop. */
const paceMs = Number(values.pace);
const FRAMES_PER_WRITE = paceMs > 0 ? 1 : 16;

const WHOLE = Buffer.from(wholeAnswer());
const WHOLE_HEADERS = { 'content-type': 'application/json', 'content-length': String(WHOLE.length) };
const STREAM_HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
/** By whether the request asks for its usage. */
const STREAMS = streamsOf(FRAMES_PER_WRITE);
const PACED_STREAMS = streamsOf(1);

interface Streams {
  readonly plain: readonly Buffer[];
  readonly withUsage: readonly Buffer[];
}

function streamsOf(framesPerWrite: number): Streams {
  return {
    plain: inWrites(streamFrames(false), framesPerWrite),
    withUsage: inWrites(streamFrames(true), framesPerWrite),
  };
}

function inWrites(frames: readonly string[], framesPerWrite: number): Buffer[] {
  const writes: Buffer[] = [];
  for (let at = 0; at < frames.length; at += framesPerWrite) {
    writes.push(Buffer.from(frames.slice(at, at + framesPerWrite).join('')));
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
  // Bodies are compact JSON, whoever writes them; a search for these bytes is quick in prompts of any length.
  if (body.includes('"stream":true')) {
    const { plain, withUsage } = body.includes(PACED_MARK) ? PACED_STREAMS : STREAMS;
    response.writeHead(200, STREAM_HEADERS);
    writeFrom(response, body.includes('"include_usage":true') ? withUsage : plain, 0);
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
