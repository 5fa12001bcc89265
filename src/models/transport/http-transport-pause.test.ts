import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { startRawUpstream } from '../../../test/support/raw-upstream.ts';
import { HttpTransport } from './http-transport.ts';

const STREAM_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const PIECE = 'x'.repeat(64 * 1024);
/** More of them than the buffers of both systems take. */
const PIECES = 512;

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

describe('HttpTransport', () => {
  it('promise 11: stops the connection also where a pause that was to be brief is not', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = new HttpTransport();
    t.after(() => transport.close());
    const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let bytes = 0;
    let isPausing = true;
    const exchange = transport.send(
      {
        method: 'POST',
        origin: upstream.origin,
        path: '/v1/chat/completions',
        headers: {},
        body: undefined,
        timeouts: { connect: 5000, headers: 5000, idle: 5000 },
      },
      {
        head() {},
        data({ length }) {
          bytes += length;
          begun.resolve();
          if (isPausing) exchange.pause(true);
        },
        end: () => over.resolve(),
        fail: ({ cause }) => over.reject(cause),
      },
    );
    const { socket, request } = await upstream.next();
    await request;
    socket.write(STREAM_HEAD + chunk('first'));
    await begun.promise;
    for (let sent = 0; sent < PIECES; sent += 1) socket.write(chunk(PIECE));
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    assert.ok(socket.writableNeedDrain, 'the provider stands still');
    assert.ok(bytes < 3 * PIECE.length, 'what comes in a moment is bounded');
    isPausing = false;
    exchange.resume();
    socket.end('0\r\n\r\n');
    await over.promise;
    assert.equal(bytes, 'first'.length + PIECES * PIECE.length);
  });
});
