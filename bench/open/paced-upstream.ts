import { type AddressInfo, type Socket, createServer } from 'node:net';
import { type RecordableHistogram, createHistogram } from 'node:perf_hooks';

import { onAsked, say } from '../messages.ts';
import { type Quantiles, quantilesOf, recordMs } from './figures.ts';
import { monotonicMs } from './monotonic.ts';
import { FIRST_TOKEN, NEXT_TOKEN, TOKEN_MS, lastPieces } from './paced-stream.ts';
import { Wheel } from './wheel.ts';

/**
 * A model server that paces a thousand streams for little CPU: one timer, and bytes made beforehand, written to bare
 * sockets. It knows requests with `content-length`, one at a time on a connection, which is all that asks it.
 */
export interface PaceStats {
  /** Of each token, how long after its time it was written. */
  readonly writing: Quantiles;
  readonly threadCpuUs: number;
}

const TICK_MS = 1;
const HEAD_END = '\r\n\r\n';
const TOKENS = /"max_tokens":(\d+)/;
const HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n',
);

interface Stream {
  readonly socket: Socket;
  readonly startMs: number;
  readonly tokens: number;
  readonly last: Buffer;
  written: number;
}

let writing: RecordableHistogram = createHistogram();
const wheel = new Wheel<Stream>(TOKEN_MS, monotonicMs(), onDue);

function onDue(stream: Stream, atMs: number): void {
  const { socket, startMs, tokens, last } = stream;
  if (socket.destroyed || stream.written === tokens) {
    wheel.remove(stream, startMs);
    if (!socket.destroyed) socket.write(last);
    return;
  }
  stream.written += 1;
  socket.write(NEXT_TOKEN);
  recordMs(writing, monotonicMs() - atMs);
}

function open(socket: Socket, body: string): void {
  const startMs = Math.floor(monotonicMs());
  const tokens = Number(TOKENS.exec(body)?.[1] ?? 1);
  const last = lastPieces(tokens, body.includes('"include_usage":true'));
  socket.write(Buffer.concat([HEAD, FIRST_TOKEN(startMs)]));
  wheel.add({ socket, startMs, tokens, last, written: 1 }, startMs);
}

function onConnection(socket: Socket): void {
  let text = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece) => {
    text += String(piece);
    const head = text.indexOf(HEAD_END);
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head + 2))?.[1] ?? 0);
    const end = head + HEAD_END.length + length;
    if (text.length < end) return;
    const body = text.slice(head + HEAD_END.length, end);
    text = text.slice(end);
    open(socket, body);
  });
}

setInterval(() => wheel.turn(monotonicMs()), TICK_MS);
onAsked('pace', () => {
  const { user, system } = process.threadCpuUsage();
  say('pace', { writing: quantilesOf(writing), threadCpuUs: user + system });
  writing = createHistogram();
});
const server = createServer(onConnection);
server.listen(0, '127.0.0.1', 4096, () => say('ready', { port: (server.address() as AddressInfo).port }));
