import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, after, describe, it } from 'node:test';

import { type FakeEdge, startEdge, wholeReply } from '../../../test/edge/fake-edge.ts';
import type { Call } from '../../core/call.ts';
import type { EdgeLimits } from '../edge-deps.ts';

const folder = mkdtempSync(join(tmpdir(), 'causeway-form-route-'));
after(() => rmSync(folder, { recursive: true }));

const MB = 1024 ** 2;
const MODEL = field('model', 'lab/whisper');
const FILE_HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
const END = '--b--\r\n';

function field(name: string, value: string): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

interface FormEdge extends FakeEdge {
  readonly calls: Call[];
}

/** An edge whose handler reads forms to their end and answers with how many bytes there were. */
function startFormEdge(t: TestContext, limits: Partial<EdgeLimits> = {}): Promise<FormEdge> {
  const calls: Call[] = [];
  const uploads = { limitBytes: 4 * MB, folder };
  return startEdge(t, {
    limits: { bodyLimitBytes: 1000, trustedProxies: 0, drainTimeoutMs: 0, uploads, ...limits },
    handler: async (call) => {
      calls.push(call);
      let bytes = 0;
      for await (const chunk of call.form?.encode({}).bytes ?? []) bytes += chunk.length;
      return wholeReply({ model: call.facts.model, bytes });
    },
  }).then((edge) => ({ ...edge, calls }));
}

interface Sent {
  readonly path?: string;
  readonly key?: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

async function post(
  edge: FakeEdge,
  body: string | Buffer,
  { path = '/v1/audio/transcriptions', key = 'cw-good', type = 'multipart/form-data; boundary=b', headers }: Sent = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${edge.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': type, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, text: await response.text() };
}

/** A form that comes in pieces on a raw connection. */
function open(edge: FakeEdge, headers: string, key = 'cw-good'): Socket & { said: () => string } {
  const socket = connect(edge.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk))).on('error', () => {});
  socket.write(
    `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: multipart/form-data; boundary=b\r\n${headers}\r\n\r\n`,
  );
  return Object.assign(socket, { said: () => text });
}

async function until(socket: Socket & { said: () => string }, pattern: RegExp): Promise<string> {
  while (!pattern.test(socket.said())) await once(socket, 'data');
  return socket.said();
}

const FAULTS: readonly (readonly [string, string, RegExp])[] = [
  ['no boundary at all', 'hello', /ends before its closing boundary/],
  ['no closing boundary', `${MODEL}${FILE_HEAD}x`, /ends before its closing boundary/],
  ['a part without a head', `${MODEL}--b\r\n\r\nx\r\n${END}`, /no Content-Disposition/],
  ['a head that does not end', `${MODEL}--b\r\nContent-Disposition: form-data\r\n${END}`, /ends within its head/],
  ['a text that is not UTF-8', `${field('language', 'caf\xe9')}${MODEL}${END}`, /\\"language\\" is not text in UTF-8/],
  ['too many parts', `${field('a', 'x').repeat(100)}${MODEL}${END}`, /more than 100 parts/],
  ['two models', `${MODEL}${MODEL}${END}`, /`model` must be the name of a model/],
  ['no model', `${FILE_HEAD}x\r\n${END}`, /`model` must be the name of a model/],
];

describe('a form on its way in', () => {
  it('is known by its texts and the names of its files, and can be sent again where it is small', async (t) => {
    const edge = await startFormEdge(t);
    const { status, text } = await post(
      edge,
      `${FILE_HEAD}abc\r\n${MODEL}${field('x[]', '1')}${field('y', '1')}${field('y', '2')}${END}`,
      {
        type: 'Multipart/Form-Data; Boundary="b"',
      },
    );
    assert.equal(status, 200, text);
    const [call] = edge.calls;
    assert.equal(call?.facts.model, 'lab/whisper');
    assert.deepEqual(call.body.json, {
      file: { filename: 'a.wav', content_type: null },
      model: 'lab/whisper',
      'x[]': ['1'],
      y: ['1', '2'],
    });
    assert.equal(call.form?.replayable, true);
  });

  for (const [what, body, message] of FAULTS) {
    it(`is refused with ${what}`, async (t) => {
      const edge = await startFormEdge(t);
      const { status, text } = await post(edge, Buffer.from(body, 'latin1'));
      assert.equal(status, 400, text);
      assert.match(text, message);
    });
  }

  it('is refused without a boundary in its content type', async (t) => {
    const edge = await startFormEdge(t);
    const { status, text } = await post(edge, `${MODEL}${END}`, { type: 'multipart/form-data' });
    assert.equal(status, 400);
    assert.match(text, /no boundary/);
  });

  it('promise 11: has texts of a megabyte together at most', async (t) => {
    const edge = await startFormEdge(t);
    const { status, text } = await post(
      edge,
      `${field('a', 'x'.repeat(MB / 2))}${field('b', 'x'.repeat(MB / 2))}${MODEL}${END}`,
    );
    assert.equal(status, 413);
    assert.match(text, /texts of the form are over 1048576 bytes/);
  });

  it('promise 11: is refused over the limit, declared or not, and leaves nothing on disk', async (t) => {
    const edge = await startFormEdge(t);
    const large = `${FILE_HEAD}${'x'.repeat(4 * MB)}\r\n${MODEL}${END}`;
    const declared = await post(edge, large);
    assert.equal(declared.status, 413);
    assert.match(declared.text, /limit of 4194304 bytes \(server\.uploadLimit\)/);
    const socket = open(edge, 'transfer-encoding: chunked');
    socket.write(`${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`);
    assert.match(await until(socket, /uploadLimit/), /^HTTP\/1.1 413 /);
    socket.destroy();
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(
      edge.refusals.map(({ error }) => error.code),
      ['request_too_large', 'request_too_large'],
    );
    assert.equal(edge.calls.length, 0);
  });

  it('is not asked for where its sender is unknown', async (t) => {
    const edge = await startFormEdge(t);
    const asked = 'content-length: 1000\r\nexpect: 100-continue';
    const stranger = open(edge, asked, 'cw-bad');
    assert.match(await until(stranger, /auth_invalid_key/), /^HTTP\/1.1 401 /);
    stranger.destroy();
    const known = open(edge, asked);
    assert.match(await until(known, /\r\n\r\n/), /^HTTP\/1.1 100 Continue\r\n\r\n$/);
    known.destroy();
  });

  it('is asked for as JSON is, which other routes wait for as well', async (t) => {
    const edge = await startFormEdge(t);
    const socket = connect(edge.port, '127.0.0.1');
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n',
    );
    const [said] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(said), /^HTTP\/1.1 100 Continue/);
    socket.destroy();
  });

  it('is no body for a route that takes JSON only, and text is none for a route of forms', async (t) => {
    const edge = await startFormEdge(t);
    const chat = await post(edge, `${MODEL}${END}`, { path: '/v1/chat/completions' });
    assert.equal(chat.status, 415);
    assert.match(chat.text, /as JSON/);
    const text = await post(edge, 'hello', { type: 'text/plain' });
    assert.equal(text.status, 415);
    assert.match(text.text, /multipart\/form-data/);
  });

  it('may take longer than other requests as long as something comes', async (t) => {
    const edge = await startFormEdge(t, { headersTimeoutMs: 20, requestTimeoutMs: 40 });
    const form = open(edge, 'transfer-encoding: chunked');
    // A request that began later is given up first, so the time of the form was over as well.
    const slow = connect(edge.port, '127.0.0.1');
    slow.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    const [said] = (await once(slow, 'data')) as [Buffer];
    assert.match(String(said), /did not arrive in time/);
    const body = `${MODEL}${FILE_HEAD}x\r\n${END}`;
    form.write(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    assert.match(await until(form, /"bytes"/), /^HTTP\/1.1 200 /);
    form.destroy();
    slow.destroy();
  });

  it('is given up where its client falls silent', async (t) => {
    const edge = await startFormEdge(t, { uploads: { limitBytes: MB, folder, silenceMs: 20 } });
    const form = open(edge, 'content-length: 1000');
    form.write(MODEL);
    assert.match(await until(form, /did not arrive in time/), /^HTTP\/1.1 400 /);
    form.destroy();
  });

  it('ends with a shutdown where it has not all come', async (t) => {
    const edge = await startFormEdge(t);
    const form = open(edge, 'content-length: 1000\r\nexpect: 100-continue');
    await until(form, /100 Continue/);
    form.write(MODEL);
    const said = until(form, /shutting_down/);
    await Promise.all([edge.server.drain(), said]);
    assert.match(await said, /HTTP\/1.1 503 /);
    assert.deepEqual(
      edge.refusals.map(({ error }) => error.code),
      ['shutting_down'],
    );
  });

  it('is on record as aborted where its client leaves, and nothing of it stays on disk', async (t) => {
    const gone = Promise.withResolvers<string>();
    const edge = await startEdge(t, {
      limits: { bodyLimitBytes: 1000, trustedProxies: 0, drainTimeoutMs: 0, uploads: { limitBytes: 4 * MB, folder } },
      refuse: (_call, error) => gone.resolve(error.code),
    });
    const form = open(edge, `content-length: ${3 * MB}`);
    await new Promise<void>((resolve) => void form.write(`${FILE_HEAD}${'x'.repeat(2 * MB)}`, () => resolve()));
    form.destroy();
    assert.equal(await gone.promise, 'client_aborted');
    assert.deepEqual(readdirSync(folder), []);
  });
});
