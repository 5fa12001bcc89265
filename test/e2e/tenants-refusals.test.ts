import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { toFile } from 'openai';

import { DatabaseGate } from '../support/database-gate.ts';
import { type Tenant, type TenantsGateway, MODELS, VERSION, startTenantsGateway } from '../support/tenants.ts';
import { type TracesDatabase, openTracesDatabase } from '../support/traces-database.ts';

/** Models whose rule sends requests to another provider than that of their own targets. */
const RULED = `
models:
  translated:
    route:
      targets: [{ target: claude/${MODELS.anthropic} }]
      rules: [{ name: elsewhere, when: { metadata: { go: [elsewhere] } }, targets: [gpt/${MODELS.openai}] }]
  kept:
    route:
      targets: [{ target: spare/${MODELS.openai} }]
      rules: [{ name: elsewhere, when: { metadata: { go: [elsewhere] } }, targets: [gpt/${MODELS.openai}] }]
`;

let opened: TracesDatabase;
let gate: DatabaseGate;
let house: TenantsGateway;
let ada: Tenant;

before(async () => {
  opened = await openTracesDatabase();
  const before_ = await DatabaseGate.before(opened.database);
  ({ gate } = before_);
  const { port } = before_.connection;
  const url = `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  house = await startTenantsGateway({ config: RULED, env: { DATABASE_URL: url } });
  ada = await house.tenant('ada');
});
after(async () => {
  await house.close();
  await gate.close();
  await opened.close();
});

/** A request with the path as it stands: others make `..` and escapes plain. */
function askRaw(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(house.gateway.url);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request({
    hostname,
    port,
    method,
    path,
    headers: { authorization: `Bearer ${ada.key}`, 'content-length': '0', ...headers },
  });
  sent.on('response', (response) => void response.resume().on('end', () => resolve(response.statusCode ?? 0)));
  sent.on('error', reject).end();
  return promise;
}

const TRICKS = [
  '..',
  '.',
  '..%2f',
  '..%2Fmodels',
  '%2e%2e',
  '%2e%2e%2fmodels',
  '%252e%252e%252fmodels',
  '..;',
  '..%5cmodels',
  'file-1%2f..%2f..',
  'a/b',
  'a%2fb',
  'file-1%00',
  'file-1%0d%0aX:%20y',
  'file-1%3fpurpose=x',
  'file-1%23',
  'file-1%20',
  'file-1%ff',
  '%zz',
  '-file',
  '%EF%AC%81le-1',
  'a'.repeat(257),
  'a'.repeat(600),
  'a'.repeat(5000),
  '',
  '/',
  '*',
  ':id',
  '__proto__',
  'constructor',
  'list',
];

describe('an id that is none', () => {
  const PLACES = ['/v1/files', '/v1/batches', '/v1/responses', '/v1/messages/batches'];
  const PARTS = ['', '/content', '/results', '/input_items', '/cancel'];

  it('never reaches a provider, whatever it is made of', async () => {
    await house.unreached(async () => {
      for (const place of PLACES) {
        for (const trick of TRICKS) {
          for (const part of PARTS) {
            for (const method of ['GET', 'POST', 'DELETE']) {
              const status = await askRaw(method, `${place}/${trick}${part}`);
              assert.ok(status >= 400 && status < 500, `${method} ${place}/${trick}${part}: ${status}`);
            }
          }
        }
      }
    });
  });
});

/** Paths of OpenAI's and Anthropic's that are on no list here. */
const REFUSED = [
  '/v1/fine_tuning/jobs',
  '/v1/fine_tuning/jobs/ftjob-1/events',
  '/v1/fine_tuning/checkpoints/ft/permissions',
  '/v1/fine-tunes',
  '/v1/assistants',
  '/v1/assistants/asst_1',
  '/v1/threads',
  '/v1/threads/thread_1/messages',
  '/v1/threads/thread_1/runs',
  '/v1/vector_stores',
  '/v1/vector_stores/vs_1/files',
  '/v1/vector_stores/vs_1/search',
  '/v1/uploads',
  '/v1/uploads/upload_1/parts',
  '/v1/uploads/upload_1/complete',
  '/v1/conversations',
  '/v1/conversations/conv_1/items',
  '/v1/containers',
  '/v1/containers/cntr_1/files/cfile_1/content',
  '/v1/evals',
  '/v1/evals/eval_1/runs',
  '/v1/organization/admin_api_keys',
  '/v1/organization/usage/completions',
  '/v1/organization/projects/proj_1/api_keys',
  '/v1/projects/proj_1/groups',
  '/v1/chat/completions/chatcmpl-1',
  '/v1/chat/completions/chatcmpl-1/messages',
  '/v1/responses/compact',
  '/v1/responses/resp_1/output',
  '/v1/videos',
  '/v1/videos/video_1/content',
  '/v1/skills',
  '/v1/skills/skill_1/versions',
  '/v1/realtime',
  '/v1/realtime/sessions',
  '/v1/realtime/client_secrets',
  '/v1/audio/voices',
  '/v1/audio/voice_consents',
  '/v1/chatkit/sessions',
  '/v1/engines',
  '/v1/engines/davinci/completions',
  '/v1/edits',
  '/v1/messages/msg_1',
  '/v1/organizations/api_keys',
  '/v1/complete',
  '/v1/environments',
  '/v1/agents',
  '/v1/sessions',
  '/v1/files/file-1/anything',
  '/v1/batches/batch_1/output',
  '/v1',
  '/',
  '/openai/v1/files',
  '/v1beta/files',
  '/upload/v1beta/files',
  '/v1beta/cachedContents',
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** What clients of a known API would miss is said in words of its own. */
function isRefusal(status: number, path: string): boolean {
  return status === 404 || status === 405 || (status === 400 && path.startsWith('/v1/realtime'));
}

describe('a path that is on no list', () => {
  it('is refused under every method, and nothing reaches a provider', async () => {
    await house.unreached(async () => {
      for (const path of REFUSED) {
        for (const method of METHODS) {
          for (const headers of [{}, VERSION]) {
            const { status, text } = await ada.ask(method, path, { headers });
            assert.ok(isRefusal(status, path), `${method} ${path}: ${status} ${text}`);
          }
        }
      }
    });
  });

  it('is refused with a body too, whatever its type', async () => {
    await house.unreached(async () => {
      for (const path of REFUSED) {
        const { status } = await ada.ask('POST', path, { body: { model: MODELS.openai, file: 'file-1' } });
        assert.ok(isRefusal(status, path), `${path}: ${status}`);
      }
    });
  });

  it('is one that is served, under another method', async () => {
    const served = ['/v1/files/file-1', '/v1/batches/batch_1', '/v1/responses/resp_1', '/v1/messages/batches/x'];
    await house.unreached(async () => {
      for (const path of served) {
        for (const method of ['PUT', 'PATCH', 'HEAD', 'OPTIONS']) {
          const { status } = await ada.ask(method, path);
          assert.ok(status === 404 || status === 405, `${method} ${path}: ${status}`);
        }
      }
    });
  });
});

async function upload(tenant: Tenant): Promise<string> {
  const file = await toFile(Buffer.from('text'), 'a.txt');
  return (await tenant.openai.files.create({ file, purpose: 'user_data' })).id;
}

const SAID = { role: 'user', content: 'Hello' };

describe('what a request names that a rule sends elsewhere', () => {
  const headers = { 'x-causeway-metadata': '{"go":"elsewhere"}' };

  it('has to be its own where the rule sends it', async () => {
    const bob = await house.tenant('bob');
    const { output } = await ada.openai.responses.create({ model: `gpt/${MODELS.openai}`, input: 'Hello' });
    const body = {
      model: 'translated',
      input: [{ type: 'reasoning', id: output.at(-1)?.id ?? '', summary: [] }, SAID],
    };
    const foreign = await house.unreached(() => bob.ask('POST', '/v1/responses', { headers, body }));
    assert.equal(foreign.status, 404, foreign.text);
    const own = await ada.ask('POST', '/v1/responses', { headers, body });
    assert.equal(own.status, 200, own.text);
    assert.equal(own.headers.get('x-causeway-target'), `gpt/${MODELS.openai}`);
  });

  it('has to be kept where the rule sends it', async () => {
    const file = await toFile(Buffer.from('a'), 'a.txt');
    const options = { headers: { 'x-causeway-provider': 'spare' } };
    const { id } = await ada.openai.files.create({ file, purpose: 'user_data' }, options);
    const content = [{ type: 'file', file: { file_id: id } }];
    const body = { model: 'kept', messages: [{ role: 'user', content }] };
    const refused = await house.unreached(() => ada.ask('POST', '/v1/chat/completions', { headers, body }));
    assert.equal(refused.status, 400, refused.text);
    assert.match(refused.text, /is kept by the provider \\"spare\\"/);
    const there = await ada.ask('POST', '/v1/chat/completions', { body });
    assert.equal(there.headers.get('x-causeway-target'), `spare/${MODELS.openai}`, there.text);
  });
});

describe('without the database', () => {
  it('promise 7: what is known to be a project’s goes on, and nothing else is shown or made', async () => {
    const id = await upload(ada);
    const bob = await house.tenant('bob');
    const response = await ada.openai.responses.create({ model: MODELS.openai, input: 'Hello' });
    gate.shut();
    try {
      assert.equal((await ada.openai.files.retrieve(id)).id, id);
      assert.equal(await (await ada.openai.files.content(id)).text(), 'text');
      const input = [{ role: 'user' as const, content: [{ type: 'input_file' as const, file_id: id }] }];
      const more = { model: MODELS.openai, input, previous_response_id: response.id };
      const next = await ada.openai.responses.create(more);
      // What is made in the course of an answer is remembered, too.
      await ada.openai.responses.create({ ...more, previous_response_id: next.id });
      await house.unreached(async () => {
        assert.equal((await bob.ask('GET', `/v1/files/${id}`)).status, 404);
        const body = { input_file_id: id, endpoint: '/v1/responses', completion_window: '24h' };
        for (const ask of [
          () => ada.ask('GET', '/v1/files'),
          () => ada.ask('GET', '/v1/files/file-0123456789'),
          () => ada.ask('POST', '/v1/batches', { body }),
          () => ada.ask('POST', '/v1/responses', { body: { model: MODELS.openai, previous_response_id: 'resp_1' } }),
        ]) {
          const { status, text } = await ask();
          assert.deepEqual([status, /storage_unavailable/.test(text)], [503, true], text);
        }
        await assert.rejects(upload(ada), /503/);
      });
    } finally {
      gate.open();
    }
    assert.equal((await ada.ask('GET', '/v1/files')).status, 200);
  });
});
