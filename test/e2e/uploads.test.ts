import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import OpenAI, { APIError } from 'openai';

import { type Gateway, latestTraces, startGateway, untilInFlight } from '../support/gateway.ts';
import {
  type HashingUpstream,
  type ReceivedForm,
  generatedFile,
  startHashingUpstream,
  uploadForm,
} from '../support/uploads.ts';

const MB = 1024 ** 2;
const SMALL = Buffer.from('RIFF\r\n--not a boundary\r\n\0\xff wav', 'latin1');
/** More than what waits in memory. */
const LARGE = Buffer.alloc(3 * MB, 'causeway ');

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function answerTo({ path }: ReceivedForm): object {
  if (path.endsWith('/files')) return { id: 'file-1', object: 'file', purpose: 'batch', filename: 'x', bytes: 1 };
  if (path.includes('/images/')) return { created: 1, data: [{ b64_json: 'aW1n' }] };
  return { text: 'Hello there' };
}

interface Provider {
  readonly url: string;
  /** The next request, whose body nobody has read. */
  next(): Promise<{ request: IncomingMessage; response: ServerResponse; closed: Promise<void> }>;
  close(): void;
}

/** A provider on a real socket that does with a request what the test does. */
async function startProvider(): Promise<Provider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async next() {
      const [incoming, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
      // A connection that is reset is one of the ends that are tested.
      incoming.on('error', () => {});
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      incoming.once('close', resolve);
      return { request: incoming, response, closed };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function providerYaml(name: string, url: string): string {
  return `  ${name}: { type: openai, apiKey: upstream-key, baseUrl: "${url}/v1" }\n`;
}

async function answerOf(sending: ReturnType<typeof request>): Promise<{ status: number; text: string }> {
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
}

describe('forms with files', () => {
  let upstream: HashingUpstream;
  let gateway: Gateway;
  let client: OpenAI;

  before(async () => {
    upstream = await startHashingUpstream(answerTo);
    gateway = await startGateway({ config: `providers:\n${providerYaml('up', upstream.url)}` });
    client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  });
  after(async () => {
    await gateway.close();
    upstream.close();
  });

  function uploadFolder(): string {
    return join(dirname(gateway.configPath), 'data', 'uploads');
  }

  for (const [size, bytes] of [
    ['small', SMALL],
    ['large', LARGE],
  ] as const) {
    for (const order of ['model first', 'file first'] as const) {
      it(`transcribes a ${size} file of the official client, ${order}`, async () => {
        const file = new File([bytes], 'naïve "録音".wav', { type: 'audio/wav' });
        const rest = { language: 'en', timestamp_granularities: ['word' as const, 'segment' as const] };
        const { data, response } = await client.audio.transcriptions
          .create(
            order === 'model first'
              ? { model: 'up/whisper-1', file, ...rest }
              : { file, model: 'up/whisper-1', ...rest },
          )
          .withResponse();
        assert.equal(data.text, 'Hello there');
        const received = upstream.received.at(-1);
        assert.equal(received?.path, '/v1/audio/transcriptions');
        assert.equal(received.fields['model'], 'whisper-1');
        assert.equal(received.fields['language'], 'en');
        const filename = 'naïve %22録音%22.wav';
        assert.deepEqual(received.files, [{ name: 'file', filename, bytes: bytes.length, sha256: sha256(bytes) }]);
        const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
        assert.equal(trace.status, 'completed');
        assert.equal(trace.target, 'up/whisper-1');
      });
    }
  }

  it('keeps on record what the texts said and what the files were called', async () => {
    const { response } = await client.audio.transcriptions
      .create({ file: new File([SMALL], 'a.wav', { type: 'audio/wav' }), model: 'up/whisper-1', language: 'en' })
      .withResponse();
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual(trace.input, {
      file: { filename: 'a.wav', content_type: 'audio/wav' },
      model: 'up/whisper-1',
      language: 'en',
    });
  });

  it('edits images, given as a form with several files and as JSON', async () => {
    const images = [
      new File([SMALL], '1.png', { type: 'image/png' }),
      new File([LARGE], '2.png', { type: 'image/png' }),
    ];
    await client.images.edit({ image: images, prompt: 'a hat', model: 'up/gpt-image-1' });
    const received = upstream.received.at(-1);
    assert.deepEqual(received?.fields, { prompt: 'a hat', model: 'gpt-image-1' });
    assert.deepEqual(
      received.files.map(({ name, sha256: hash }) => [name, hash]),
      [
        ['image[]', sha256(SMALL)],
        ['image[]', sha256(LARGE)],
      ],
    );
    const json = await fetch(`${gateway.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nobody/x', images: [], prompt: 'a hat' }),
    });
    assert.equal(json.status, 404, 'read as JSON, as far as to its model');
  });

  it('keeps a file, which is for no model', async () => {
    const file = await client.files.create({ file: new File([LARGE], 'batch.jsonl'), purpose: 'batch' });
    assert.equal(file.object, 'file');
    const received = upstream.received.at(-1);
    assert.equal(received?.path, '/v1/files');
    assert.deepEqual(received.fields, { purpose: 'batch' });
    assert.equal(received.files[0]?.sha256, sha256(LARGE));
  });

  for (const order of ['model first', 'file first'] as const) {
    it(`passes 20 MB on as they were sent, ${order}, and leaves nothing on disk`, async () => {
      const file = generatedFile(20 * MB);
      const { status, text } = await uploadForm(gateway.url, gateway.apiKey, 'up/whisper-1', file, order);
      assert.equal(status, 200, text);
      const received = upstream.received.at(-1);
      assert.deepEqual(received?.files, [
        { name: 'file', filename: 'long.wav', bytes: file.bytes, sha256: file.sha256() },
      ]);
      assert.deepEqual(existsSync(uploadFolder()) ? readdirSync(uploadFolder()) : [], []);
    });
  }
});

describe('uploads that do not come to their end', () => {
  let provider: Provider;
  let gateway: Gateway;

  before(async () => {
    provider = await startProvider();
    gateway = await startGateway({
      config: `server: { uploadLimit: 64MB }\nproviders:\n${providerYaml('up', provider.url)}`,
    });
  });
  after(async () => {
    await gateway.close();
    provider.close();
  });

  /** A transcription that has begun: its head, its model, and more of its file than what waits in memory. */
  function beginUpload(pieces: readonly Buffer[] = [LARGE]) {
    const sending = request(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'multipart/form-data; boundary=b' },
    });
    sending.on('error', () => {});
    sending.write('--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nup/whisper-1\r\n');
    sending.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n');
    for (const piece of pieces) sending.write(piece);
    return sending;
  }

  it('promise 11: a client that leaves ends the request upstream at once, and is on record as gone', async () => {
    const sending = beginUpload();
    const { request: incoming, closed } = await provider.next();
    await once(incoming.resume(), 'data');
    const left = performance.now();
    sending.destroy();
    await closed;
    assert.ok(performance.now() - left < 100, `${performance.now() - left} ms`);
    await untilInFlight(gateway, 0);
    const [trace] = await latestTraces(gateway);
    assert.equal(trace?.status, 'aborted');
  });

  it('relays an answer that comes before the end of the upload to the official client', async () => {
    const client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const file = new File([Buffer.alloc(30 * MB)], 'a.wav');
    const refused = assert.rejects(client.audio.transcriptions.create({ model: 'up/whisper-1', file }), (thrown) => {
      assert.ok(thrown instanceof APIError);
      assert.equal(thrown.status, 400);
      assert.match(thrown.message, /No such voice/);
      return true;
    });
    const { response } = await provider.next();
    const error = { message: 'No such voice', type: 'invalid_request_error', param: null, code: null };
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    await refused;
  });

  it('promise 10: an upload over the limit is the fault of its client, and ends the request upstream', async () => {
    const sending = beginUpload();
    const { request: incoming, closed } = await provider.next();
    await once(incoming.resume(), 'data');
    const answer = answerOf(sending);
    for (let sent = 0; sent < 64; sent += 1) sending.write(Buffer.alloc(MB));
    const { status, text } = await answer;
    assert.equal(status, 413, text);
    assert.match(text, /limit of 67108864 bytes \(server\.uploadLimit\)/);
    await closed;
    assert.equal(incoming.complete, false);
  });

  it('refuses a second model that comes when the first was looked at', async () => {
    const sending = beginUpload();
    const { request: incoming } = await provider.next();
    incoming.resume();
    const answer = answerOf(sending);
    sending.end('\r\n--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nup/other\r\n--b--\r\n');
    const { status, text } = await answer;
    assert.equal(status, 400, text);
    assert.match(text, /names \\"model\\" twice/);
    assert.equal(incoming.complete, false);
  });

  it('refuses a form that ends too early, wherever it was by then', async () => {
    const sending = beginUpload();
    const { request: incoming } = await provider.next();
    incoming.resume();
    const answer = answerOf(sending);
    sending.end('\r\n--b');
    const { status, text } = await answer;
    assert.equal(status, 400, text);
    assert.match(text, /ends before its closing boundary/);
    assert.equal(incoming.complete, false);
  });

  it('promise 11: a provider that does not read holds the client up, and not the bytes', async () => {
    const sending = beginUpload([]);
    const chunk = Buffer.alloc(MB);
    const all = Promise.withResolvers<void>();
    let taken = 0;
    const push = (): void => {
      sending.write(chunk, () => {
        taken += 1;
        if (taken < 48) push();
        else all.resolve();
      });
    };
    push();
    const { request: incoming, response } = await provider.next();
    incoming.pause();
    // Nothing moves any more once the buffers on the way are full.
    for (let seen = -1; seen !== taken;) {
      seen = taken;
      for (let beat = 0; beat < 10; beat += 1) await untilInFlight(gateway, 1);
    }
    assert.ok(taken < 24, `${taken} MB were taken`);
    incoming.resume();
    const answer = answerOf(sending);
    await all.promise;
    sending.end('\r\n--b--\r\n');
    await once(incoming, 'end');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"ok"}');
    assert.equal((await answer).status, 200);
  });
});
