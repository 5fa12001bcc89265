import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { type JsonObject, isJsonObject, parseJson } from '../../src/core/json.ts';
import { type Gateway, latestTraces, startGateway } from '../support/gateway.ts';
import { OPENAI_HELLO, OPENAI_ROLE } from '../support/wire-texts.ts';

/** Every provider that is there fails in this way, byte for byte. */
let script: Script = { bytes: '' };
let gateway: Gateway;

interface Script {
  readonly bytes: string | Buffer;
  /** After the bytes: an end in order (the usual), a reset, or silence. */
  readonly ending?: 'end' | 'reset' | 'silence';
}

const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => {
    const { bytes, ending = 'end' } = script;
    // Also where there is nothing to write, the callback comes.
    socket.write(bytes, () => {
      if (ending === 'end') socket.end();
      if (ending === 'reset') socket.resetAndDestroy();
    });
  });
});

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closed = await closedPort();
  gateway = await startGateway({
    config: [
      'providers:',
      `  a: { type: openai, apiKey: sk-of-the-operator-000000, baseUrl: "http://127.0.0.1:${port}/v1" }`,
      `  b: { type: anthropic, apiKey: sk-of-the-operator-000000, baseUrl: "http://127.0.0.1:${port}" }`,
      `  refused: { type: openai, apiKey: k, baseUrl: "http://127.0.0.1:${closed}/v1" }`,
      '  nowhere: { type: openai, apiKey: k, baseUrl: "http://nowhere.invalid/v1" }',
      'models:',
      '  openai-model: { target: a/m, timeouts: { connect: 1s, firstToken: 300ms, idle: 300ms } }',
      '  anthropic-model: { target: b/m, timeouts: { connect: 1s, firstToken: 300ms, idle: 300ms } }',
    ].join('\n'),
  });
});
after(async () => {
  await gateway.close();
  server.close();
});

async function closedPort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  taken.close();
  await once(taken, 'close');
  return port;
}

type Dialect = 'openai' | 'anthropic';

const PATHS: Readonly<Record<Dialect, string>> = { openai: '/v1/chat/completions', anthropic: '/v1/messages' };

interface Ask {
  readonly model?: string;
  readonly stream?: boolean;
}

const asked: string[] = [];

async function ask(dialect: Dialect, { model = `${dialect}-model`, stream = false }: Ask) {
  const response = await fetch(`${gateway.url}${PATHS[dialect]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': gateway.apiKey },
    body: JSON.stringify({ model, stream, max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }),
  });
  const id = response.headers.get('x-causeway-request-id');
  asked.push(String(id));
  return { status: response.status, text: await response.text(), id };
}

/** The error in the shape of its dialect, out of a body or of a stream's last event. */
function errorIn(dialect: Dialect, text: string): JsonObject {
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  const body = parseJson(last.replace(/^data: /, ''));
  assert.ok(isJsonObject(body) && isJsonObject(body['error']), text);
  const { error } = body;
  assert.equal(typeof error['message'], 'string');
  if (dialect === 'anthropic') assert.equal(body['type'], 'error');
  else assert.ok('code' in error && 'param' in error);
  return error;
}

function head(status: string, contentType: string, more = ''): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: ${contentType}\r\n${more}`;
}

/** A response of known length. */
function whole(status: string, contentType: string, body: string, more = ''): string {
  return `${head(status, contentType, more)}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function chunked(...chunks: readonly string[]): string {
  return chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('');
}

const STREAM = `${head('200 OK', 'text/event-stream')}transfer-encoding: chunked\r\n\r\n`;
const PAGE = '<!doctype html><html><body>Welcome to nginx!</body></html>';
const ANSWER = JSON.stringify({ id: 'c1', object: 'chat.completion', choices: [] });

interface Row extends Script {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  readonly stream?: boolean;
}

const ROWS: readonly Row[] = [
  { what: 'HTML with 200', bytes: whole('200 OK', 'text/html', PAGE), status: 502, code: 'provider_bad_response' },
  { what: 'HTML with 502', bytes: whole('502 Bad Gateway', 'text/html', PAGE), status: 502, code: 'provider_error' },
  {
    what: 'HTML with 404',
    bytes: whole('404 Not Found', 'text/html', PAGE),
    status: 502,
    code: 'provider_bad_response',
  },
  {
    what: 'half a JSON',
    bytes: whole('200 OK', 'application/json', ANSWER.slice(0, 20)),
    status: 502,
    code: 'provider_bad_response',
  },
  {
    what: 'an error body under 200',
    bytes: whole(
      '200 OK',
      'application/json',
      '{"error":{"message":"out of memory","type":"api_error"},"type":"error"}',
    ),
    status: 502,
    code: 'provider_error',
  },
  { what: 'an end before the head', bytes: '', status: 502, code: 'provider_bad_response' },
  { what: 'a reset before the head', bytes: '', ending: 'reset', status: 502, code: 'provider_bad_response' },
  { what: 'an end inside the head', bytes: 'HTTP/1.1 200 O', status: 502, code: 'provider_bad_response' },
  {
    what: 'an end inside the body',
    bytes: whole('200 OK', 'application/json', ANSWER).slice(0, -10),
    status: 502,
    code: 'provider_bad_response',
  },
  {
    what: 'a redirect',
    bytes: whole('302 Found', 'text/plain', '', 'location: http://127.0.0.1:1/login\r\n'),
    status: 502,
    code: 'provider_bad_response',
  },
  { what: 'what is not HTTP', bytes: 'SSH-2.0-OpenSSH_9.7\r\n', status: 502, code: 'provider_bad_response' },
  {
    what: 'chunks that are none',
    bytes: `${head('200 OK', 'application/json')}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
    status: 502,
    code: 'provider_bad_response',
  },
  { what: 'silence', bytes: '', ending: 'silence', status: 504, code: 'provider_timeout' },
  {
    what: 'silence inside the body',
    bytes: `${head('200 OK', 'application/json')}content-length: 100\r\n\r\n{"id":`,
    ending: 'silence',
    status: 504,
    code: 'provider_timeout',
  },
  {
    what: 'a stream of another content type',
    stream: true,
    bytes: whole('200 OK', 'text/html', PAGE),
    status: 502,
    code: 'provider_bad_response',
  },
  {
    what: 'a stream that ends before it began',
    stream: true,
    bytes: `${STREAM}0\r\n\r\n`,
    status: 502,
    code: 'stream_interrupted',
  },
  {
    what: 'a stream that is silent',
    stream: true,
    bytes: STREAM,
    ending: 'silence',
    status: 504,
    code: 'provider_timeout',
  },
  {
    what: 'a frame without an end',
    stream: true,
    bytes: STREAM + chunked(`data: ${'x'.repeat(17 << 20)}`),
    ending: 'silence',
    status: 502,
    code: 'provider_bad_response',
  },
];

/** Streams that break after the client has read something of them. */
const BROKEN_STREAMS: readonly Row[] = [
  { what: 'ends', bytes: '0\r\n\r\n', status: 200, code: 'stream_interrupted' },
  { what: 'is cut', bytes: '', ending: 'reset', status: 200, code: 'stream_interrupted' },
  { what: 'falls silent', bytes: '', ending: 'silence', status: 200, code: 'stream_interrupted' },
  { what: 'goes on in garbage', bytes: chunked('data: {"choi\n\n'), status: 200, code: 'provider_bad_response' },
  { what: 'goes on in chunks that are none', bytes: 'zz\r\n', status: 200, code: 'stream_interrupted' },
];

describe('a provider that answers badly', () => {
  for (const dialect of ['openai', 'anthropic'] as const) {
    for (const { what, status, code, stream, ...said } of ROWS) {
      it(`${dialect}: ${what}: ${status} ${code}, in the dialect's shape`, async () => {
        script = said;
        const { status: got, text, id } = await ask(dialect, { stream: stream ?? false });
        const error = errorIn(dialect, text);
        const trace = await gateway.trace(id);
        assert.deepEqual([got, trace.error?.code, trace.status], [status, code, 'failed']);
        if (dialect === 'openai') assert.equal(error['code'], code);
        assert.ok(!text.includes('nginx') && !text.includes('sk-of-the-operator'));
        assert.equal(trace.attempts.length, 1);
      });
    }
  }
});

describe('a provider whose stream breaks', () => {
  for (const { what, status, code, bytes, ...said } of BROKEN_STREAMS) {
    it(`promise 1: that ${what}: what came, then the error of the dialect, never an end in order`, async () => {
      script = { bytes: STREAM + chunked(OPENAI_ROLE, OPENAI_HELLO) + String(bytes), ...said };
      const { status: got, text, id } = await ask('openai', { stream: true });
      assert.equal(got, status);
      assert.ok(text.startsWith(OPENAI_ROLE + OPENAI_HELLO));
      assert.ok(!text.includes('[DONE]'));
      assert.equal(errorIn('openai', text)['code'], code);
      const trace = await gateway.trace(id);
      assert.deepEqual([trace.status, trace.error?.code, trace.attempts[0]?.usage_source], ['failed', code, 'assumed']);
    });
  }
});

describe('a provider that cannot be reached', () => {
  for (const provider of ['refused', 'nowhere']) {
    it(`${provider}: 502 provider_unreachable, at no cost`, async () => {
      const { status, text, id } = await ask('openai', { model: `${provider}/m` });
      assert.equal(status, 502);
      assert.equal(errorIn('openai', text)['code'], 'provider_unreachable');
      const trace = await gateway.trace(id);
      assert.deepEqual([trace.error?.code, trace.cost_usd, trace.cost_known], ['provider_unreachable', 0, true]);
    });
  }
});

describe('each of these requests', () => {
  it('is on record once', async () => {
    const recorded = (await latestTraces(gateway, '?limit=500')).map(({ trace_id: id }) => id);
    assert.ok(asked.length >= 2 * ROWS.length);
    assert.deepEqual(recorded.toSorted(), asked.toSorted());
  });
});
