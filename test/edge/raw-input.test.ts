import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';

import type { GatewayError } from '../../src/core/errors.ts';
import { DISCARD_MS } from '../../src/edge/write-error.ts';
import { RECORDING_LIMIT, sendRaw, startEdge, startRecordingEdge } from './fake-edge.ts';

test('bad input: a client that stops in the middle of its body is recorded as gone', async (t) => {
  const refused = Promise.withResolvers<GatewayError>();
  const edge = await startEdge(t, { refuse: (_call, error) => refused.resolve(error) });
  const socket = connect(edge.port, '127.0.0.1');
  socket.write('POST /v1/embeddings HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"mo');
  await once(socket, 'ready');
  socket.end();
  assert.equal((await refused.promise).code, 'client_aborted');
});

const RAW_CASES = [
  { name: 'bytes that are not HTTP', bytes: '\u0016\u0003\u0001 hello\r\n\r\n', status: 400, dialect: 'openai' },
  {
    name: 'a header name that is none',
    bytes: 'GET /healthz HTTP/1.1\r\nbad header: x\r\n\r\n',
    status: 400,
    dialect: 'openai',
  },
  {
    name: 'two lengths',
    bytes: 'POST /v1/messages HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
    status: 400,
    dialect: 'anthropic',
  },
  {
    name: 'headers over 16 KB',
    bytes: `POST /v1/messages HTTP/1.1\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`,
    status: 431,
    dialect: 'anthropic',
  },
  {
    name: 'headers far over 16 KB',
    bytes: `GET /v1/models HTTP/1.1\r\nx-a: ${'a'.repeat(900_000)}\r\n\r\n`,
    status: 431,
    dialect: 'openai',
  },
  {
    name: 'a tunnel',
    bytes: 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n',
    status: 404,
    dialect: 'openai',
  },
] as const;

for (const { name, bytes, status, dialect } of RAW_CASES) {
  test(`bad input: ${name}`, async (t) => {
    const edge = await startRecordingEdge(t);
    const answer = await sendRaw(edge.port, bytes);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as {
      type?: string;
      error: { message: string };
    };
    assert.equal(body.type, dialect === 'anthropic' ? 'error' : undefined);
    assert.match(answer, /x-causeway-request-id: [0-9a-f]{32}/);
    assert.deepEqual(
      edge.records().map(({ call, error }) => [call.dialect, error.status]),
      [[dialect, status]],
    );
    assert.equal((await fetch(`${edge.url}/healthz`)).status, 200);
  });
}

test('bad input: a chunked body that breaks its own framing is refused and recorded once', async (t) => {
  const refused = Promise.withResolvers<GatewayError>();
  let refusals = 0;
  const edge = await startEdge(t, {
    refuse: (_call, error) => {
      refusals += 1;
      refused.resolve(error);
    },
  });
  const head =
    'POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
  const answer = await sendRaw(edge.port, `${head}2\r\n{"\r\nzz\r\n`);
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.equal((await refused.promise).code, 'request_invalid');
  assert.equal(refusals, 1);
});

test('bad input: headers that trickle in are cut off with an answer, and an idle connection is no request', async (t) => {
  const edge = await startEdge(t, {
    limits: {
      bodyLimitBytes: RECORDING_LIMIT,
      trustedProxies: 0,
      drainTimeoutMs: 0,
      headersTimeoutMs: 60,
      requestTimeoutMs: 120,
    },
  });
  assert.match(
    await sendRaw(edge.port, 'POST /v1/messages HTTP/1.1\r\nx-slow: '),
    /^HTTP\/1\.1 400 [^]*did not arrive in time/,
  );
  assert.equal(await sendRaw(edge.port, ''), '');
  assert.deepEqual(
    edge.refusals.map(({ error }) => error.code),
    ['request_invalid'],
  );
});

test('bad input: an unknown Expect header and a missing Host are no reason to refuse', async (t) => {
  const edge = await startEdge(t);
  const answer = await sendRaw(edge.port, 'GET /healthz HTTP/1.1\r\nexpect: tea\r\nconnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 200 /);
});

test('promise 11: a client that sends on and on after its refusal is cut off', async (t) => {
  const edge = await startRecordingEdge(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const socket = connect(edge.port, '127.0.0.1');
  const closed = new Promise((resolve) => {
    socket.on('error', resolve).on('close', resolve);
  });
  const piece = `2000\r\n${' '.repeat(0x2000)}\r\n`;
  const sendOn = (): void => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', sendOn);
  socket.write('POST /v1/messages HTTP/1.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
  sendOn();
  const [answer] = await once(socket, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 413 /);
  t.mock.timers.tick(DISCARD_MS);
  await closed;
  t.mock.timers.reset();
});
