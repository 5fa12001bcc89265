import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, describe, it } from 'node:test';

import { type RawConnection, startRawUpstream } from '../../../test/support/raw-upstream.ts';
import { HttpTransport } from './http-transport.ts';
import type { UpstreamExchange, UpstreamFailure, UpstreamHandler, UpstreamRequest } from './transport.ts';

const TIMEOUTS = { connect: 5000, headers: 5000, idle: 5000 };

/** Notes what a transport calls, and lets a test wait for it. */
class Listener implements UpstreamHandler {
  readonly calls: string[] = [];
  readonly chunks: Buffer[] = [];
  headers: Record<string, string> = {};
  readonly #head = Promise.withResolvers<number>();
  readonly #over = Promise.withResolvers<UpstreamFailure | undefined>();
  #onData: () => void = () => {};

  get started(): Promise<number> {
    return this.#head.promise;
  }

  /** Undefined where it ended in order. */
  get over(): Promise<UpstreamFailure | undefined> {
    return this.#over.promise;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  get bytes(): number {
    return this.chunks.reduce((sum, { length }) => sum + length, 0);
  }

  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((resolve) => (this.#onData = resolve));
  }

  head(status: number, headers: Record<string, string>): void {
    this.calls.push('head');
    this.headers = headers;
    this.#head.resolve(status);
  }

  data(bytes: Buffer): void {
    if (this.calls.at(-1) !== 'data') this.calls.push('data');
    this.chunks.push(bytes);
    this.#onData();
  }

  end(): void {
    this.calls.push('end');
    this.#over.resolve(undefined);
  }

  fail(failure: UpstreamFailure): void {
    this.calls.push('fail');
    this.#over.resolve(failure);
  }
}

interface Sent {
  readonly listener: Listener;
  readonly exchange: UpstreamExchange;
}

function transportFor(t: TestContext): HttpTransport {
  const transport = new HttpTransport();
  t.after(() => transport.close());
  return transport;
}

function send(transport: HttpTransport, origin: string, parts: Partial<UpstreamRequest> = {}): Sent {
  const listener = new Listener();
  const request: UpstreamRequest = {
    method: 'POST',
    origin,
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{}'),
    timeouts: TIMEOUTS,
    ...parts,
  };
  return { listener, exchange: transport.send(request, listener) };
}

async function kindOfFailure(listener: Listener): Promise<UpstreamFailure['kind'] | 'ended'> {
  return (await listener.over)?.kind ?? 'ended';
}

const STREAM_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

const EMPTY_ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

const PIECES = 512;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

/** A connection is free again one turn of the event loop after its answer. */
function connectionReady(): Promise<void> {
  return turns(2);
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

async function accepted(upstream: { next(): Promise<RawConnection> }): Promise<RawConnection> {
  const connection = await upstream.next();
  await connection.request;
  return connection;
}

/** How long after now the server sees its connection closed, in milliseconds. */
async function msUntilClosed(connection: RawConnection): Promise<number> {
  const from = performance.now();
  await connection.closed;
  return performance.now() - from;
}

describe('HttpTransport', () => {
  it('sends method, path, headers and body, and calls back head, data, end in this order', async (t) => {
    const upstream = await startRawUpstream(t);
    const { listener } = send(transportFor(t), upstream.origin, {
      path: '/v1/messages?beta=true',
      headers: { 'x-api-key': 'secret', 'content-type': 'application/json' },
      body: Buffer.from('{"é":1}'),
    });
    const connection = await accepted(upstream);
    connection.socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
    connection.socket.write(
      'HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-Request-Id: r1\r\nX-Two: a\r\nX-Two: b\r\n\r\nhello',
    );
    assert.equal(await listener.over, undefined);
    assert.equal(await listener.started, 201);
    assert.deepEqual(listener.calls, ['head', 'data', 'end']);
    assert.equal(listener.text, 'hello');
    assert.equal(listener.headers['x-request-id'], 'r1');
    assert.equal(listener.headers['x-two'], 'a, b');
    const request = connection.received();
    assert.match(request, /^POST \/v1\/messages\?beta=true HTTP\/1\.1\r\n/);
    assert.match(request, /\r\nx-api-key: secret\r\n/);
    assert.match(request, /\r\ncontent-length: 8\r\n/);
    assert.ok(request.endsWith(Buffer.from('{"é":1}').toString('latin1')));
  });

  it('uses a connection again after an answer', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const first = send(transport, upstream.origin);
    const { socket } = await accepted(upstream);
    socket.write(EMPTY_ANSWER);
    await first.listener.over;
    await connectionReady();
    const second = send(transport, upstream.origin);
    await once(socket, 'data');
    socket.write(EMPTY_ANSWER);
    assert.equal(await second.listener.over, undefined);
    assert.equal(upstream.connections.length, 1);
  });

  it('says "connect" where nothing could be sent: refused, no such name, no such protocol, a bad header', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const transport = transportFor(t);
    const refused = send(transport, `http://127.0.0.1:${port}`);
    const unnamed = send(transport, 'http://nobody.invalid');
    const noTls = send(transport, (await startRawUpstream(t)).origin.replace('http:', 'ftp:'));
    const badHeader = send(transport, `http://127.0.0.1:${port}`, { headers: { 'x-bad': 'a\nb' } });
    for (const { listener } of [refused, unnamed, noTls, badHeader]) {
      assert.equal(await kindOfFailure(listener), 'connect');
      assert.deepEqual(listener.calls, ['fail']);
    }
  });

  it('says "connect" where a TLS handshake does not come about', async (t) => {
    const upstream = await startRawUpstream(t);
    const { listener } = send(transportFor(t), upstream.origin.replace('http:', 'https:'));
    const { socket } = await upstream.next();
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    assert.equal(await kindOfFailure(listener), 'connect');
  });

  it('says "broken" where the connection ends before the head', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const reset = send(transport, upstream.origin);
    (await accepted(upstream)).socket.resetAndDestroy();
    assert.equal(await kindOfFailure(reset.listener), 'broken');
    const closed = send(transport, upstream.origin);
    (await accepted(upstream)).socket.end();
    assert.equal(await kindOfFailure(closed.listener), 'broken');
    assert.deepEqual(closed.listener.calls, ['fail']);
  });

  it('says "broken" where the body is cut: reset, chunks without an end, fewer bytes than were announced', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const cut = async (bytes: string, how: (connection: RawConnection) => void): Promise<Listener> => {
      const { listener } = send(transport, upstream.origin);
      const connection = await accepted(upstream);
      connection.socket.write(bytes);
      await listener.until(() => listener.bytes > 0);
      how(connection);
      assert.equal(await kindOfFailure(listener), 'broken');
      assert.deepEqual(listener.calls, ['head', 'data', 'fail']);
      return listener;
    };
    await cut(STREAM_HEAD + chunk('data: 1\n\n'), ({ socket }) => socket.resetAndDestroy());
    await cut(STREAM_HEAD + chunk('data: 1\n\n'), ({ socket }) => void socket.end());
    const short = await cut('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello', ({ socket }) => void socket.end());
    assert.equal(short.text, 'hello');
  });

  it('says "broken" where what comes is not HTTP', async (t) => {
    const upstream = await startRawUpstream(t);
    const { listener } = send(transportFor(t), upstream.origin);
    (await accepted(upstream)).socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    assert.equal(await kindOfFailure(listener), 'broken');
  });

  it('says "timeout" where the head or the next piece does not come in time, and frees the connection', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const silent = send(transport, upstream.origin, { timeouts: { ...TIMEOUTS, headers: 50 } });
    const first = await accepted(upstream);
    assert.equal(await kindOfFailure(silent.listener), 'timeout');
    await first.closed;
    const stalled = send(transport, upstream.origin, { timeouts: { ...TIMEOUTS, idle: 50 } });
    const second = await accepted(upstream);
    second.socket.write(STREAM_HEAD + chunk('data: 1\n\n'));
    assert.equal(await kindOfFailure(stalled.listener), 'timeout');
    assert.deepEqual(stalled.listener.calls, ['head', 'data', 'fail']);
    await second.closed;
  });

  it('gives a connection up that does not stand in time', async (t) => {
    // It takes connections, but no TLS handshake ever ends.
    const upstream = await startRawUpstream(t);
    const timeouts = { ...TIMEOUTS, connect: 50 };
    const { listener } = send(transportFor(t), upstream.origin.replace('http:', 'https:'), { timeouts });
    assert.equal(await kindOfFailure(listener), 'connect');
    await (
      await upstream.next()
    ).closed;
  });

  it('promise 11: a paused exchange holds the provider back, and what was held comes on resume', async (t) => {
    const upstream = await startRawUpstream(t);
    const { listener, exchange } = send(transportFor(t), upstream.origin);
    const { socket } = await accepted(upstream);
    const piece = 'x'.repeat(64 * 1024);
    socket.write(STREAM_HEAD + chunk('first'));
    await listener.until(() => listener.text.startsWith('first'));
    exchange.pause();
    // More than the buffers of both systems take.
    for (let sent = 0; sent < PIECES; sent += 1) socket.write(chunk(piece));
    await turns(100);
    assert.ok(socket.writableNeedDrain, 'the provider stands still');
    assert.ok(listener.bytes < 2 * piece.length, 'at most what had been read already came after the pause');
    exchange.resume();
    socket.end('0\r\n\r\n');
    assert.equal(await listener.over, undefined);
    assert.equal(listener.bytes, 'first'.length + PIECES * piece.length);
  });

  it('may be paused before the head, and then gives no data until resumed', async (t) => {
    const upstream = await startRawUpstream(t);
    const { listener, exchange } = send(transportFor(t), upstream.origin);
    exchange.pause();
    const { socket } = await accepted(upstream);
    socket.write(STREAM_HEAD + chunk('data: 1\n\n'));
    await listener.started;
    assert.equal(listener.bytes, 0);
    exchange.resume();
    await listener.until(() => listener.text === 'data: 1\n\n');
  });

  it('does not take the time that a reader takes for silence of the provider', async (t) => {
    const upstream = await startRawUpstream(t);
    const timeouts = { ...TIMEOUTS, idle: 50 };
    const transport = transportFor(t);
    const slow = send(transport, upstream.origin, { timeouts });
    const paused = new Promise<void>((resolve) => {
      slow.listener.data = () => {
        slow.exchange.pause();
        resolve();
      };
    });
    (await accepted(upstream)).socket.write(STREAM_HEAD + chunk('data: 1\n\n'));
    await paused;
    // Another exchange's timeout is the clock: both began to wait, and this one is over after as long.
    const other = send(transport, upstream.origin, { timeouts });
    (await accepted(upstream)).socket.write(STREAM_HEAD + chunk('x'));
    assert.equal(await kindOfFailure(other.listener), 'timeout');
    assert.deepEqual(slow.listener.calls, ['head']);
    slow.exchange.resume();
    assert.equal(await kindOfFailure(slow.listener), 'timeout', 'and waits again once it is resumed');
  });

  it('takes pause and resume, and an abort, from within its own data callback', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const steered = send(transport, upstream.origin);
    const data = steered.listener.data.bind(steered.listener);
    steered.listener.data = (bytes) => {
      data(bytes);
      steered.exchange.pause();
      steered.exchange.resume();
      if (steered.listener.text.includes('stop')) steered.exchange.abort();
    };
    const connection = await accepted(upstream);
    connection.socket.write(STREAM_HEAD + chunk('1') + chunk('2') + chunk('stop') + chunk('3'));
    await connection.closed;
    assert.equal(steered.listener.text, '12stop');
    assert.deepEqual(steered.listener.calls, ['head', 'data']);
  });

  it('promise 11: an abort closes the connection within 100 ms, as the server sees it', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const unanswered = send(transport, upstream.origin);
    const first = await accepted(upstream);
    unanswered.exchange.abort();
    assert.ok((await msUntilClosed(first)) < 100);
    const streaming = send(transport, upstream.origin);
    const second = await accepted(upstream);
    second.socket.write(STREAM_HEAD + chunk('data: 1\n\n'));
    await streaming.listener.until(() => streaming.listener.bytes > 0);
    streaming.exchange.pause();
    streaming.exchange.abort();
    streaming.exchange.abort();
    assert.ok((await msUntilClosed(second)) < 100);
    assert.deepEqual([unanswered.listener.calls, streaming.listener.calls], [[], ['head', 'data']]);
  });

  it('sends nothing where it is aborted before the connection stands', async (t) => {
    const upstream = await startRawUpstream(t);
    const { listener, exchange } = send(transportFor(t), upstream.origin);
    exchange.abort();
    const connection = await upstream.next();
    await connection.closed;
    assert.equal(connection.received(), '');
    assert.deepEqual(listener.calls, []);
  });

  it('takes an abort, a pause and a resume after the end as nothing', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = transportFor(t);
    const { listener, exchange } = send(transport, upstream.origin);
    const { socket } = await accepted(upstream);
    socket.write(EMPTY_ANSWER);
    await listener.over;
    exchange.pause();
    exchange.resume();
    exchange.abort();
    assert.deepEqual(listener.calls, ['head', 'end']);
    await connectionReady();
    const second = send(transport, upstream.origin);
    await once(socket, 'data');
    socket.write(EMPTY_ANSWER);
    assert.equal(await second.listener.over, undefined, 'the connection was left to the next request');
    assert.equal(upstream.connections.length, 1);
  });

  it('lets running exchanges end when it is closed, and then frees their connections', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = new HttpTransport();
    const { listener } = send(transport, upstream.origin);
    const connection = await accepted(upstream);
    const closing = transport.close();
    connection.socket.write(STREAM_HEAD + chunk('data: 1\n\n'));
    await listener.until(() => listener.bytes > 0);
    connection.socket.write('0\r\n\r\n');
    assert.equal(await listener.over, undefined);
    await closing;
    await connection.closed;
  });

  it('refuses to send after it was closed, without a word to the network', async (t) => {
    const upstream = await startRawUpstream(t);
    const transport = new HttpTransport();
    const first = send(transport, upstream.origin);
    (await accepted(upstream)).socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    await first.listener.over;
    await transport.close();
    assert.equal(await kindOfFailure(send(transport, upstream.origin).listener), 'connect');
  });
});
