import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, after, before, describe, it } from 'node:test';

import { type GatewayProcess, runCommand, startProcess } from '../support/gateway-process.ts';
import { adminOf, traceOf } from '../support/admin-api.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type PostgresServer, noPostgres, startPostgres } from '../support/postgres-server.ts';

const ADMIN_KEY = 'admin-key-of-the-tests-0123456789';
const API_KEY = /API key +(cw-[A-Za-z0-9_-]{43})\b/;
const SECOND = 1000;
const PATIENCE_MS = 20_000;

const scratch = mkdtempSync(join(tmpdir(), 'causeway-replicas-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Replica extends GatewayProcess {
  readonly admin: Gateway['admin'];
  chat(key: string, model?: string): Promise<Response>;
}

/** A gateway in its own process, with a folder of its own. */
async function startReplica(t: TestContext, name: string, env: Record<string, string>): Promise<Replica> {
  const own = { CAUSEWAY_ADMIN_KEY: ADMIN_KEY, CAUSEWAY_DATA_DIR: join(scratch, name) };
  const command = await startProcess(t, scratch, { ...own, ...env });
  return {
    ...command,
    admin: adminOf(command.url, ADMIN_KEY),
    chat: (key, model = 'sim/echo') =>
      fetch(`${command.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
      }),
  };
}

async function stop({ child, exited }: Replica): Promise<void> {
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
}

/** Asks again and again until it is so; how long that took, in milliseconds. */
async function until(isSo: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await isSo())) assert.ok(performance.now() - began < PATIENCE_MS, 'it never was so');
  return performance.now() - began;
}

async function makeKey({ admin }: Pick<Gateway, 'admin'>, project: string): Promise<{ id: string; key: string }> {
  const made = await admin('/keys', { method: 'POST', body: { project } });
  assert.equal(made.status, 201, made.text);
  return made.json as unknown as { id: string; key: string };
}

describe('replicas on one PostgreSQL', { skip: noPostgres }, () => {
  let server: PostgresServer;
  before(async () => (server = await startPostgres()));
  after(() => server.close());

  it('start at the same time on an empty database; a change on one is in force on all within a second', async (t) => {
    writeFileSync(join(scratch, 'models.yaml'), 'models: { chat: { target: sim/echo } }\n');
    const env = { DATABASE_URL: server.url, CAUSEWAY_CONFIG: join(scratch, 'models.yaml') };
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => startReplica(t, name, env)));
    assert.ok(a && b && c);
    const firstKeys = [a, b, c].flatMap((replica) => API_KEY.exec(replica.printed())?.[1] ?? []);
    assert.equal(firstKeys.length, 1, 'one of them makes the first key');
    for (const replica of [a, b, c]) {
      assert.ok((await until(async () => (await replica.chat(firstKeys[0] ?? '')).status === 200)) < SECOND);
    }
    await keysAreInForce(a, b);
    await organisationsAreInForce(a, b);
    await flagsAreInForce(a, b);
    for (const replica of [a, b, c]) await stop(replica);
  });

  it('one command migrates, and says what it did', async (t) => {
    const other = await startPostgres();
    t.after(() => other.close());
    const env = { DATABASE_URL: other.url };
    const commands = ['m', 'n'].map((name) => runCommand(t, scratch, ['migrate'], { ...env, CAUSEWAY_DATA_DIR: name }));
    assert.deepEqual(await Promise.all(commands.map(({ exited }) => exited)), [0, 0]);
    const texts = commands.map((command) => command.printed()).toSorted();
    assert.match(texts[0] ?? '', /^The database is up to date\. Run now: 0000_init, .*0007_organisations/);
    assert.match(texts[1] ?? '', /^The database was up to date\.\n$/);
  });

  it('promise 7: a start without PostgreSQL serves the keys it knew, records later, and follows again', async (t) => {
    const env = { DATABASE_URL: server.url };
    const first = await startReplica(t, 'lonely', env);
    const { key } = await makeKey(first, 'support');
    assert.equal((await first.chat(key)).status, 200);
    await stop(first);
    await server.stop();

    const second = await startReplica(t, 'lonely', env);
    assert.match(second.printed(), /starting with the keys and settings of the snapshot/);
    const answer = await second.chat(key);
    assert.equal(answer.status, 200);
    assert.equal((await second.chat(key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status, 401);
    assert.equal((await second.admin('/keys')).status, 503);
    const readiness = await fetch(`${second.url}/readyz`);
    assert.deepEqual(
      [readiness.status, await readiness.json()],
      [200, { ready: true, reasons: ['the database does not answer'] }],
    );
    assert.match(await (await fetch(`${second.url}/metrics`)).text(), /\ncauseway_database_up 0\n/);

    await server.start();
    await until(async () => (await second.admin('/keys')).status === 200);
    const made = await makeKey(second, 'sales');
    assert.equal((await second.chat(made.key)).status, 200);
    const trace = await traceOf(second.admin, answer.headers.get('x-causeway-request-id'));
    assert.deepEqual([trace.status, trace.project], ['completed', 'support']);
    await stop(second);
  });
});

/** Made on one, used on the other; revoked on one, refused on the other. */
async function keysAreInForce(a: Replica, b: Replica): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const { id, key } = await makeKey(a, 'p');
    assert.ok((await until(async () => (await b.chat(key)).status === 200)) < SECOND);
    assert.equal((await a.admin(`/keys/${id}`, { method: 'DELETE' })).status, 200);
    assert.ok((await until(async () => (await b.chat(key)).status === 401)) < SECOND);
  }
}

async function organisationsAreInForce(a: Replica, b: Replica): Promise<void> {
  const { key } = await makeKey(a, 'support');
  await until(async () => (await b.chat(key)).status === 200);
  assert.equal((await a.admin('/organisations/acme', { method: 'PUT', body: { projects: ['support'] } })).status, 200);
  const organisations = async () => (await b.admin('/organisations')).json['data'] as unknown[];
  assert.ok((await until(async () => (await organisations()).length === 1)) < SECOND);
  const trace = await traceOf(b.admin, (await b.chat(key)).headers.get('x-causeway-request-id'));
  assert.equal(trace.organisation, 'acme');
}

/** Made on one, in force on the other; taken away likewise. */
async function flagsAreInForce(a: Replica, b: Replica): Promise<void> {
  const { key } = await makeKey(a, 'p');
  await until(async () => (await b.chat(key)).status === 200);
  const isFor = async (target: string) => (await b.chat(key, 'chat')).headers.get('x-causeway-target') === target;
  const flag = { model: 'chat', set: { target: 'sim/small' } };
  assert.equal((await a.admin('/flags/beta', { method: 'PUT', body: flag })).status, 200);
  assert.ok((await until(() => isFor('sim/small'))) < SECOND);
  assert.equal((await a.admin('/flags/beta', { method: 'DELETE' })).status, 200);
  assert.ok((await until(() => isFor('sim/echo'))) < SECOND);
}

describe('organisations', () => {
  it('of the file and of the admin API stand side by side', async (t) => {
    const gateway = await startGateway({ config: 'organisations: { acme: { projects: [support, sales] } }\n' });
    t.after(() => gateway.close());
    const admin: Gateway['admin'] = (...asked) => gateway.admin(...asked);
    const put = (name: string, projects: string[]) =>
      admin(`/organisations/${name}`, { method: 'PUT', body: { projects } });
    const made = await put('other', ['research']);
    assert.equal(made.status, 200, made.text);
    assert.deepEqual([made.json['origin'], made.json['projects']], ['admin', ['research']]);
    assert.match((await put('acme', ['x'])).text, /stands in causeway\.yaml/);
    assert.match((await put('other', ['sales'])).text, /causeway\.yaml has the project \\"sales\\" in .*acme/);
    assert.match((await put('third', ['research'])).text, /belongs to the organisation \\"other\\"/);
    assert.equal((await put('two words', [])).status, 400);
    assert.equal((await admin('/organisations/acme', { method: 'DELETE' })).status, 400);
    const { json } = await admin('/organisations');
    assert.deepEqual(
      (json['data'] as { name: string; projects: string[] }[]).map(({ name, projects }) => [name, ...projects]),
      [
        ['acme', 'support', 'sales'],
        ['other', 'research'],
      ],
    );
    gateway.writeConfig('organisations: { acme: { projects: [support, research] } }\n');
    gateway.reload();
    await until(async () => JSON.stringify((await admin('/organisations')).json).includes('"support","research"'));
    assert.equal((await admin('/organisations/other', { method: 'DELETE' })).status, 200);
    assert.equal((await admin('/organisations/other', { method: 'DELETE' })).status, 404);
  });
});

describe('API keys of many projects', () => {
  it('are listed by pages, of one project where asked', async (t) => {
    const gateway = await startGateway();
    t.after(() => gateway.close());
    for (const project of ['a', 'b', 'a', 'b', 'a']) await makeKey(gateway, project);
    const seen: string[] = [];
    for (let path = '/keys?limit=2'; path !== '';) {
      const { json } = await gateway.admin(path);
      seen.push(...(json['data'] as { project: string }[]).map(({ project }) => project));
      path = typeof json['next'] === 'string' ? `/keys?limit=2&cursor=${json['next']}` : '';
    }
    assert.deepEqual(seen, ['a', 'b', 'a', 'b', 'a', 'default']);
    const ofB = await gateway.admin('/keys?project=b');
    assert.equal((ofB.json['data'] as unknown[]).length, 2);
    assert.equal(ofB.json['next'], null);
    for (const query of ['limit=0', 'cursor=x', 'projekt=a']) {
      assert.equal((await gateway.admin(`/keys?${query}`)).status, 400, query);
    }
  });
});
