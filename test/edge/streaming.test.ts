import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { Call } from '../../src/core/call.ts';
import type { AbortedBy } from '../../src/core/cancellation.ts';
import { GatewayError } from '../../src/core/errors.ts';
import {
  ANTHROPIC_START,
  CHAT,
  FakeProducer,
  OPENAI_CHUNK,
  openRawChat,
  postJson,
  startEdge,
  wholeReply,
} from './fake-edge.ts';

const MESSAGES = [{ role: 'user' as const, content: 'hi' }];

async function readOpenAI(url: string): Promise<{ text: string; thrown: unknown }> {
  const client = new OpenAI({ apiKey: 'cw-good', baseURL: `${url}/v1`, maxRetries: 0 });
  let text = '';
  try {
    const stream = await client.chat.completions.create({ model: 'm', messages: MESSAGES, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  } catch (thrown) {
    return { text, thrown };
  }
  return { text, thrown: undefined };
}

async function readAnthropic(url: string): Promise<{ text: string; thrown: unknown }> {
  const client = new Anthropic({ apiKey: 'cw-good', baseURL: url, maxRetries: 0 });
  let text = '';
  try {
    const stream = await client.messages.create({ model: 'm', max_tokens: 5, messages: MESSAGES, stream: true });
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
    }
  } catch (thrown) {
    return { text, thrown };
  }
  return { text, thrown: undefined };
}

const DIALECTS = [
  { name: 'openai', chunk: OPENAI_CHUNK, read: readOpenAI, ErrorClass: OpenAI.APIError, path: '/v1/chat/completions' },
  {
    name: 'anthropic',
    chunk: ANTHROPIC_START,
    read: readAnthropic,
    ErrorClass: Anthropic.APIError,
    path: '/v1/messages',
  },
] as const;

for (const { name, chunk, read, ErrorClass, path } of DIALECTS) {
  test(`promise 1: a stream that fails in the middle throws in the ${name} SDK, after what came before`, async (t) => {
    const edge = await startEdge(t, {
      handler: () => {
        const producer = new FakeProducer();
        producer.push(chunk);
        producer.fail(new GatewayError('stream_interrupted'));
        return Promise.resolve(producer.reply);
      },
    });
    const { text, thrown } = await read(edge.url);
    assert.equal(text, 'Hello');
    assert.ok(thrown instanceof ErrorClass);
    assert.match(thrown.message, /not the whole answer/);
  });

  test(`promise 1: neither a cancelled nor a failed stream ends cleanly in the ${name} dialect`, async (t) => {
    const edge = await startEdge(t, {
      handler: (call) => {
        const producer = new FakeProducer();
        producer.push(chunk);
        call.cancellation.onCancel((by) => producer.stream.abort(by));
        return Promise.resolve(producer.reply);
      },
    });
    const response = await postJson(edge.url + path, { ...CHAT, max_tokens: 1 }, { 'x-causeway-timeout-ms': '30' });
    const text = await response.text();
    assert.equal(response.status, 200);
    assert.ok(text.startsWith(chunk));
    assert.match(text.slice(chunk.length), /^(event: error\n)?data: \{.*x-causeway-timeout-ms.*\}\n\n$/);
    assert.doesNotMatch(text, /\[DONE\]|message_stop/);
  });

  test(`a complete stream reaches the ${name} client byte for byte`, async (t) => {
    const edge = await startEdge(t, {
      handler: () => {
        const producer = new FakeProducer();
        for (let i = 0; i < 3; i += 1) producer.push(chunk);
        producer.complete();
        return Promise.resolve(producer.reply);
      },
    });
    const response = await postJson(edge.url + path, { ...CHAT, max_tokens: 1 });
    assert.equal(await response.text(), chunk.repeat(3));
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.match(response.headers.get('x-causeway-request-id') ?? '', /^[0-9a-f]{32}$/);
  });
}

test('promise 11: a reader that takes nothing pauses the producer, and memory stays bounded', async (t) => {
  const producer = new FakeProducer();
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const total = 64 * 1024 * 1024;
  let pushed = 0;
  const produce = (): void => {
    while (!producer.paused && pushed < total) {
      pushed += chunk.length;
      producer.stream.push({ bytes: chunk, events: [] });
    }
    if (pushed >= total) producer.complete();
  };
  const firstPause = Promise.withResolvers<void>();
  producer.onResume = () => {
    produce();
    if (producer.paused) firstPause.resolve();
  };
  const edge = await startEdge(t, { handler: () => Promise.resolve(producer.reply) });
  const socket = openRawChat(edge.port);
  await firstPause.promise;
  const heldBack = pushed;
  assert.ok(
    heldBack < 16 * 1024 * 1024,
    `${heldBack} bytes were taken from the producer for a reader that reads nothing`,
  );
  let received = 0;
  socket.on('data', (data) => {
    received += data.length;
    if (received > total) socket.end();
  });
  socket.resume();
  await once(socket, 'close');
  assert.equal(pushed, total);
  assert.ok(producer.pauses > 2);
});

test('promise 11: a reader that leaves a stream cancels the call and its producer within 100 ms', async (t) => {
  const producer = new FakeProducer();
  const cancelled = Promise.withResolvers<AbortedBy>();
  const edge = await startEdge(t, {
    handler: (call) => {
      call.cancellation.onCancel(cancelled.resolve);
      producer.push(OPENAI_CHUNK);
      return Promise.resolve(producer.reply);
    },
  });
  const socket = openRawChat(edge.port);
  await once(socket.resume(), 'data');
  const leftAt = performance.now();
  socket.destroy();
  assert.deepEqual(await Promise.all([cancelled.promise, producer.cancelled.promise]), ['client', 'client']);
  assert.ok(performance.now() - leftAt < 100);
  assert.deepEqual(producer.stream.terminal, { kind: 'aborted', by: 'client', usage: undefined });
});

test('promise 11: a reader that leaves while it does not read is noticed as well', async (t) => {
  const producer = new FakeProducer();
  const congested = Promise.withResolvers<void>();
  producer.onResume = () => {
    while (!producer.paused) producer.push('x'.repeat(65_536));
    congested.resolve();
  };
  const edge = await startEdge(t, { handler: () => Promise.resolve(producer.reply) });
  const socket = openRawChat(edge.port);
  await congested.promise;
  const leftAt = performance.now();
  socket.resetAndDestroy();
  assert.equal(await producer.cancelled.promise, 'client');
  assert.ok(performance.now() - leftAt < 100);
});

test('promise 11: a client that leaves before the answer cancels the call within 100 ms', async (t) => {
  const calls = Promise.withResolvers<Call>();
  const late = Promise.withResolvers<FakeProducer>();
  const edge = await startEdge(t, {
    handler: async (call) => {
      calls.resolve(call);
      return (await late.promise).reply;
    },
  });
  const socket = openRawChat(edge.port);
  const { cancellation } = await calls.promise;
  const cancelled = Promise.withResolvers<AbortedBy>();
  cancellation.onCancel(cancelled.resolve);
  const leftAt = performance.now();
  socket.end();
  assert.equal(await cancelled.promise, 'client');
  assert.ok(performance.now() - leftAt < 100);
  const producer = new FakeProducer();
  late.resolve(producer);
  assert.equal(await producer.cancelled.promise, 'client', 'an answer that comes too late is cancelled, not left open');
});

test('a whole answer after the client left changes nothing and logs nothing', async (t) => {
  const started = Promise.withResolvers<Call>();
  const answer = Promise.withResolvers<void>();
  const edge = await startEdge(t, {
    handler: async (call) => {
      started.resolve(call);
      await answer.promise;
      return wholeReply({});
    },
  });
  const socket = openRawChat(edge.port);
  const { cancellation } = await started.promise;
  const cancelled = Promise.withResolvers<AbortedBy>();
  cancellation.onCancel(cancelled.resolve);
  socket.destroy();
  await cancelled.promise;
  answer.resolve();
  assert.equal((await fetch(`${edge.url}/healthz`)).status, 200);
  assert.deepEqual(edge.logged, []);
});

test('the deadline of x-causeway-timeout-ms cancels a call that has no answer yet', async (t) => {
  const edge = await startEdge(t, {
    handler: (call) => {
      const { promise, reject } = Promise.withResolvers<never>();
      call.cancellation.onCancel((by) =>
        reject(new GatewayError(by === 'deadline' ? 'deadline_exceeded' : 'internal')),
      );
      return promise;
    },
  });
  const response = await postJson(`${edge.url}/v1/messages`, CHAT, { 'x-causeway-timeout-ms': '20' });
  assert.equal(response.status, 504);
  assert.equal(response.headers.get('x-should-retry'), 'false');
});

function rawRequest(model: string): string {
  const body = JSON.stringify({ ...CHAT, model });
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

test('two requests on one connection are answered in their order', async (t) => {
  const edge = await startEdge(t);
  const socket = connect(edge.port, '127.0.0.1');
  socket.write(rawRequest('first') + rawRequest('second'));
  let text = '';
  for await (const data of socket) {
    text += String(data);
    if (text.includes('second')) break;
  }
  assert.ok(text.indexOf('first') < text.indexOf('second'));
});
