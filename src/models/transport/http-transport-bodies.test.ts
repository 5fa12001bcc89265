import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, describe, it } from 'node:test';

import { type RawConnection, type RawUpstream, startRawUpstream } from '../../../test/support/raw-upstream.ts';
import { HttpTransport } from './http-transport.ts';
import type { UpstreamFailure } from './transport.ts';

const EMPTY_ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

interface End {
  readonly text: string;
  readonly failure: UpstreamFailure | undefined;
}

function send(t: TestContext, { origin }: RawUpstream, bodyStream: AsyncIterable<Uint8Array>) {
  const transport = new HttpTransport();
  t.after(() => transport.close());
  const over = Promise.withResolvers<End>();
  let text = '';
  const exchange = transport.send(
    {
      method: 'POST',
      origin,
      path: '/v1/audio/transcriptions',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: undefined,
      bodyStream,
      timeouts: { connect: 5000, headers: 5000, idle: 5000 },
    },
    {
      head() {},
      data: (chunk) => void (text += String(chunk)),
      end: () => over.resolve({ text, failure: undefined }),
      fail: (failure) => over.resolve({ text, failure }),
    },
  );
  return { exchange, over: over.promise };
}

async function accepted(upstream: RawUpstream): Promise<RawConnection> {
  const connection = await upstream.next();
  await connection.request;
  return connection;
}

/** A body that gives a piece whenever it is asked, and notes when nobody will ask again. */
function endlessBody(piece: Buffer) {
  const ended = Promise.withResolvers<void>();
  async function* pieces(): AsyncGenerator<Buffer, undefined> {
    try {
      for (;;) yield piece;
    } finally {
      ended.resolve();
    }
  }
  return { bytes: pieces(), ended: ended.promise };
}

describe('HttpTransport with a body that comes', () => {
  it('sends a body of unknown length in chunks, as it comes', async (t) => {
    const upstream = await startRawUpstream(t);
    const second = Promise.withResolvers<string>();
    async function* body(): AsyncGenerator<Buffer, undefined> {
      yield Buffer.from('first');
      yield Buffer.from(await second.promise);
      return undefined;
    }
    const { over } = send(t, upstream, body());
    const connection = await accepted(upstream);
    while (!connection.received().includes('first')) await once(connection.socket, 'data');
    assert.match(connection.received(), /\r\ntransfer-encoding: chunked\r\n/);
    second.resolve('second');
    while (!connection.received().endsWith('0\r\n\r\n')) await once(connection.socket, 'data');
    assert.match(connection.received(), /\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n$/);
    connection.socket.write(EMPTY_ANSWER);
    assert.deepEqual(await over, { text: '', failure: undefined });
  });

  it('says why where a body cannot be had, and closes the connection', async (t) => {
    const upstream = await startRawUpstream(t);
    const fault = new Error('the client is gone');
    const broken = Promise.withResolvers<never>();
    async function* body(): AsyncGenerator<Buffer, undefined> {
      yield Buffer.from('first');
      await broken.promise;
      return undefined;
    }
    const { over } = send(t, upstream, body());
    const connection = await accepted(upstream);
    broken.reject(fault);
    assert.equal((await over)?.failure?.cause, fault);
    await connection.closed;
    assert.doesNotMatch(connection.received(), /\r\n0\r\n\r\n$/);
  });

  it('takes nothing more of a body after an abort or an early answer', async (t) => {
    const upstream = await startRawUpstream(t);
    const aborted = endlessBody(Buffer.alloc(65_536));
    const { exchange } = send(t, upstream, aborted.bytes);
    await accepted(upstream);
    exchange.abort();
    await aborted.ended;
    const refused = endlessBody(Buffer.alloc(65_536));
    const { over } = send(t, upstream, refused.bytes);
    const connection = await accepted(upstream);
    connection.socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno');
    assert.deepEqual(await over, { text: 'no', failure: undefined });
    await refused.ended;
  });
});
