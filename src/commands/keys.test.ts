import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { copyPreparedDatabase } from '../../test/support/prepared-database.ts';
import { systemClock } from '../core/clock.ts';
import { AuditStore } from '../operators/audit/audit-store.ts';
import { hashApiKey } from '../pipeline/access/api-key.ts';
import { PostgresKeyStore } from '../pipeline/access/postgres-key-store.ts';
import { ProviderKeyStore } from '../pipeline/access/provider-key-store.ts';
import { Sealer } from '../pipeline/access/sealing.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { migrate } from '../storage/migrate.ts';
import { UsageError } from './command.ts';
import { keys } from './keys.ts';
import { masterKey } from './master-key.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const OLD_KEY = 'an old master key of a test';
const NEW_KEY = 'a new master key of a test';
const log = { info: () => {}, warn: () => {}, error: () => {} };
const dataDir = mkdtempSync(join(tmpdir(), 'causeway-commands-'));
let database: Database;

before(async () => {
  copyPreparedDatabase(dataDir);
  database = await openDatabase({ dataDir, url: undefined, log });
  await migrate(database);
});

after(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a person does, beside the process that has the database open. */
function causeway(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const own = { ...process.env, DATABASE_URL: '', CAUSEWAY_DATA_DIR: dataDir, ...env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env: own }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out: out.trim(), err }),
    );
  });
}

describe('causeway keys', () => {
  test('makes, lists and revokes a key in the database of a process that has it open', async () => {
    const store = new PostgresKeyStore(database.orm, systemClock);
    const options = ['--project', 'support', '--user', 'ada', '--models', 'chat, sim/*', '--expires', '30d', '--json'];
    const created = await causeway(['keys', 'create', ...options]);
    assert.equal(created.code, 0, created.err);
    const made = JSON.parse(created.out);
    const stored = (await store.live()).get(hashApiKey(made.key));
    assert.equal(stored?.id, made.id);
    assert.equal(stored?.project, 'support');
    assert.equal(stored?.userId, 'ada');
    assert.deepEqual(stored?.models, ['chat', 'sim/*']);
    const days = ((stored?.expiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
    assert.ok(days > 29.9 && days <= 30, `${days} days`);

    const listed = await causeway(['keys', 'list']);
    assert.match(listed.out, new RegExp(`${made.id} .*support .*ada .*chat,sim/\\* .*live until`));
    assert.ok(!listed.out.includes(made.key), 'promise 12: a key is told once');

    assert.equal((await causeway(['keys', 'revoke', made.id])).code, 0);
    assert.equal((await store.live()).size, 0);
    const again = await causeway(['keys', 'revoke', made.id]);
    assert.equal(again.code, 1);
    assert.match(again.out, /no live key/);

    const noted = await new AuditStore(database).list({ actor: 'command line' }, 9);
    assert.deepEqual(
      noted.map(({ action, subject }) => [action, subject]),
      [
        ['keys revoke', `keys/${made.id}`],
        ['keys create', `keys/${made.id}`],
      ],
    );
    assert.ok(!JSON.stringify(noted).includes(made.key));
  });

  test('works on a folder that nobody has open', async () => {
    const own = mkdtempSync(join(tmpdir(), 'causeway-alone-'));
    copyPreparedDatabase(own);
    const created = await causeway(['keys', 'create'], { CAUSEWAY_DATA_DIR: own });
    assert.equal(created.code, 0, created.err);
    assert.match(created.out, /^cw-[\w-]{43}\n\(id key_\w+; shown this once\)$/);
    assert.match((await causeway(['keys', 'list'], { CAUSEWAY_DATA_DIR: own })).out, /default .*all models .*live/);
    rmSync(own, { recursive: true });
  });

  test('wrong words end with 2 and say what is right', async () => {
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [['revoke'], /needs the id/],
      [['create', '--expires', 'soon'], /12h or 30d/],
    ];
    for (const [args, message] of wrong) {
      await assert.rejects(async () => keys.run(args, {}), { name: UsageError.name, message });
    }
    await assert.rejects(async () => masterKey.run(['rotate'], {}), { message: /CAUSEWAY_MASTER_KEY is not set/ });
    const { code, err } = await causeway(['keys', 'destroy']);
    assert.equal(code, 2);
    assert.match(err, /create, list and revoke/);
    const help = await causeway(['keys', '--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /^Usage: causeway keys create/);
  });
});

describe('causeway master-key rotate', () => {
  test('seals what is stored under the new key, after which the old one is not needed', async () => {
    const stored = new ProviderKeyStore(database.orm, new Sealer(OLD_KEY), systemClock);
    await stored.add('openai', 'sk-one');
    await stored.add('openai', 'sk-two');
    const env = { CAUSEWAY_MASTER_KEY: NEW_KEY, CAUSEWAY_MASTER_KEY_PREVIOUS: OLD_KEY };
    const rotated = await causeway(['master-key', 'rotate'], env);
    assert.equal(rotated.code, 0, rotated.err);
    assert.match(rotated.out, /^2 keys and 0 reviews were sealed again/);
    const rows = await stored.sealed();
    const renewed = new ProviderKeyStore(database.orm, new Sealer(NEW_KEY), systemClock).open(rows);
    assert.deepEqual(renewed.keys.get('openai'), ['sk-one', 'sk-two']);
    assert.equal(stored.open(rows).keys.size, 0, 'the old key alone opens nothing any more');
    assert.match((await causeway(['master-key', 'rotate'], env)).out, /^0 keys and 0 reviews were/);
  });

  test('without the key that something is sealed under, nothing is changed', async () => {
    const { code, err } = await causeway(['master-key', 'rotate'], { CAUSEWAY_MASTER_KEY: 'yet another master key' });
    assert.equal(code, 1);
    assert.match(err, /CAUSEWAY_MASTER_KEY_PREVIOUS/);
  });
});
