import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { type TestContext, test } from 'node:test';

import type { Call } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { FakeProducer, OPENAI_CHUNK, openRawChat, startEdge } from './fake-edge.ts';

async function edgeWithStream(t: TestContext, drainTimeoutMs: number) {
  const producer = new FakeProducer();
  const refusals: GatewayError[] = [];
  const arrived = Promise.withResolvers<void>();
  const edge = await startEdge(t, {
    limits: { bodyLimitBytes: 1000, trustedProxies: 0, drainTimeoutMs },
    refuse: (_call, error) => {
      refusals.push(error);
      arrived.resolve();
    },
    readiness: () => {
      arrived.resolve();
      return { ready: true, reasons: [] };
    },
    handler: () => {
      producer.push(OPENAI_CHUNK);
      return Promise.resolve(producer.reply);
    },
  });
  const socket = openRawChat(edge.port);
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
  });
  await once(socket.resume(), 'data');
  return { edge, producer, socket, refusals, arrived: arrived.promise, received: () => text };
}

async function isRefused(port: number): Promise<boolean> {
  const socket: Socket = connect(port, '127.0.0.1');
  const connected = new Promise<boolean>((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  });
  return !(await connected);
}

test('a drain accepts nobody new, and lets a running stream come to its own end', async (t) => {
  const { edge, producer, socket, received } = await edgeWithStream(t, 30_000);
  const drained = edge.server.drain();
  assert.equal(await isRefused(edge.port), true);
  const ended = once(socket, 'close');
  producer.push('data: [DONE]\n\n');
  producer.complete();
  await Promise.all([drained, ended]);
  assert.match(received(), /data: \[DONE\]/);
  assert.equal(producer.stream.terminal?.kind, 'completed');
});

test('promise 1: what is still running at the limit is cancelled and told so, never ended cleanly', async (t) => {
  const { edge, producer, socket, received } = await edgeWithStream(t, 10);
  const ended = once(socket, 'close');
  await edge.server.drain();
  await ended;
  assert.equal(await producer.cancelled.promise, 'shutdown');
  assert.match(received(), /data: \{"error":\{.*"code":"shutting_down"/);
  assert.doesNotMatch(received(), /\[DONE\]/);
});

test('a call that has no answer yet is cancelled at the limit, and answered', async (t) => {
  const started = Promise.withResolvers<Call>();
  const edge = await startEdge(t, {
    handler: (call) => {
      const { promise, reject } = Promise.withResolvers<never>();
      call.cancellation.onCancel((by) => reject(new GatewayError(by === 'shutdown' ? 'shutting_down' : 'internal')));
      started.resolve(call);
      return promise;
    },
  });
  const socket = openRawChat(edge.port, '/v1/messages');
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
  });
  await started.promise;
  await Promise.all([edge.server.drain(), once(socket.resume(), 'close')]);
  assert.match(text, /^HTTP\/1\.1 503 [^]*connection: close[^]*overloaded_error/i);
});

test('promise 11: a reader that takes nothing cannot hold up a drain', async (t) => {
  const producer = new FakeProducer();
  const congested = Promise.withResolvers<void>();
  producer.onResume = () => {
    while (!producer.paused) producer.push('x'.repeat(65_536));
    congested.resolve();
  };
  const edge = await startEdge(t, { handler: () => Promise.resolve(producer.reply) });
  const socket = openRawChat(edge.port);
  socket.on('error', () => {});
  await congested.promise;
  await edge.server.drain();
  assert.equal(await producer.cancelled.promise, 'shutdown');
  socket.destroy();
});

/** Sends a request on the connection of a running stream during a drain; its answer comes when the stream is over. */
async function answerDuringDrain(t: TestContext, request: string) {
  const { edge, producer, socket, refusals, arrived, received } = await edgeWithStream(t, 30_000);
  const drained = edge.server.drain();
  const ended = once(socket, 'close');
  socket.write(request);
  await arrived;
  producer.complete();
  await Promise.all([drained, ended]);
  return { refusals, answer: received().split('0\r\n\r\n')[1] ?? '' };
}

test('a request on a connection that was open is refused during a drain, and recorded', async (t) => {
  const body = '{"model":"m","messages":[{}]}';
  const head = `POST /v1/messages HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const { refusals, answer } = await answerDuringDrain(t, head + body);
  assert.match(answer, /^HTTP\/1\.1 503 [^]*"type":"overloaded_error"/);
  assert.deepEqual(
    refusals.map(({ code }) => code),
    ['shutting_down'],
  );
});

test('readiness says that a drain began', async (t) => {
  const { answer } = await answerDuringDrain(t, 'GET /readyz HTTP/1.1\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 503 [^]*\{"ready":false,"reasons":\["shutting down"\]\}/);
});

test('draining twice is draining once', async (t) => {
  const edge = await startEdge(t);
  await Promise.all([edge.server.drain(), edge.server.drain()]);
});
