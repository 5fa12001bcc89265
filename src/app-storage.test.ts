import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, after, before, describe, test } from 'node:test';

import { type PostgresServer, noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { type Storage, openStorage } from './app-storage.ts';
import { systemClock } from './core/clock.ts';
import { OpenedParts } from './opened-parts.ts';
import { change } from './storage/revisions/revision-store.ts';

const root = mkdtempSync(join(tmpdir(), 'causeway-storage-'));
after(() => rmSync(root, { recursive: true, force: true }));

interface Opened {
  readonly storage: Storage;
  /** What was loaded, from wherever. */
  readonly loaded: string[];
  readonly said: string[];
  close(): Promise<void>;
}

let content = 'first';

/** Opens it as a start does, and follows one thing: a word that the database is said to have. */
async function open(t: TestContext, url: string, { dataDir = join(root, t.name), env = {} } = {}): Promise<Opened> {
  const parts = new OpenedParts();
  const said: string[] = [];
  const close = (): Promise<void> => parts.close();
  t.after(close);
  const note = (facts: unknown, message?: string): void => void said.push(`${JSON.stringify(facts)} ${message}`);
  const log = { info: note, warn: note, error: note };
  const storage = await openStorage({ dataDir, url, env, clock: systemClock, log, patienceMs: 300 }, parts);
  const loaded: string[] = [];
  await storage.follow({
    subject: 'budgets',
    refresh: async () => void loaded.push(`database: ${content}`),
    kept: { save: () => content, load: (kept) => void loaded.push(`snapshot: ${JSON.stringify(kept)}`) },
  });
  return { storage, loaded, said, close };
}

describe('a start on PostgreSQL', { skip: noPostgres }, () => {
  let server: PostgresServer;
  before(async () => (server = await startPostgres()));
  after(() => server.close());

  /** A start that has left a snapshot, with the server away afterwards. */
  async function thenAway(t: TestContext, env: Record<string, string> = {}): Promise<string> {
    const first = await open(t, server.url, { env });
    assert.deepEqual(first.loaded, ['database: first']);
    await first.close();
    await server.stop();
    t.after(() => server.start());
    return join(root, t.name);
  }

  test('promise 7: goes on from the snapshot while it is away, and follows it again when it returns', async (t) => {
    const first = await open(t, server.url);
    await first.close();
    await server.stop();
    const { storage, loaded, said } = await open(t, server.url);
    assert.equal(storage.startedOnline, false);
    assert.deepEqual(loaded, ['snapshot: "first"']);
    assert.match(said.join('\n'), /starting with the keys and settings of the snapshot/);
    await storage.refresh();
    assert.equal(storage.answers, false);
    await server.start();
    await storage.online;
    await storage.refresh();
    assert.equal(storage.answers, true);
    assert.deepEqual(loaded, ['snapshot: "first"', 'database: first']);
    content = 'second';
    t.after(() => (content = 'first'));
    await change(storage.database.orm, 'budgets', async () => undefined);
    await storage.refresh();
    assert.equal(loaded.at(-1), 'database: second');
  });

  test('without a snapshot it ends with what to do, and shows no password', async (t) => {
    const url = 'postgres://user:hunter2@127.0.0.1:9/gateway';
    await assert.rejects(open(t, url), (error: Error) => {
      assert.match(error.message, /^PostgreSQL at 127\.0\.0\.1:9\/gateway \(DATABASE_URL\) does not answer: .*REFUSED/);
      assert.match(error.message, /Start it, or correct DATABASE_URL/);
      assert.ok(!error.message.includes('hunter2'));
      return true;
    });
  });

  test('a database that is not there is told at once', async (t) => {
    const url = server.url.replace(/postgres$/, 'nowhere');
    await assert.rejects(open(t, url), /PostgreSQL refuses DATABASE_URL: database "nowhere" does not exist/);
  });

  for (const env of [{}, { CAUSEWAY_MASTER_KEY: 'a passphrase that is long enough' }]) {
    const sealed = 'CAUSEWAY_MASTER_KEY' in env ? 'the master key' : 'its own key';
    test(`promise 12: the snapshot is sealed by ${sealed}, and one that was tampered with is refused`, async (t) => {
      const dataDir = await thenAway(t, env);
      const path = join(dataDir, 'snapshot.sealed');
      const text = readFileSync(path, 'utf8');
      assert.ok(!text.includes('first'));
      assert.equal(statSync(path).mode & 0o777, 0o600);
      const at = text.length - 40;
      writeFileSync(path, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
      await assert.rejects(open(t, server.url, { env }), /there is no snapshot/);
      writeFileSync(path, text);
      assert.deepEqual((await open(t, server.url, { env })).loaded, ['snapshot: "first"']);
    });
  }

  test('promise 12: the snapshot of another database, or under another key, does not open', async (t) => {
    const dataDir = await thenAway(t);
    const other = server.url.replace(/postgres$/, 'other');
    await assert.rejects(open(t, other, { dataDir }), /there is no snapshot/);
    const env = { CAUSEWAY_MASTER_KEY: 'another passphrase, long enough' };
    await assert.rejects(open(t, server.url, { dataDir, env }), /there is no snapshot/);
    assert.equal((await open(t, server.url, { dataDir })).storage.startedOnline, false);
  });

  test('where nothing can be written it starts all the same', async (t) => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    const { storage, said } = await open(t, server.url, { dataDir: join(file, 'data') });
    assert.equal(storage.startedOnline, true);
    assert.match(said.join('\n'), /no snapshot can be kept here/);
  });
});
