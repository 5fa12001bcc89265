import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { copyPreparedDatabase } from '../../../test/support/prepared-database.ts';
import { systemClock } from '../../core/clock.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { openAdminKey } from './admin-key-store.ts';
import { hashApiKey } from './api-key.ts';
import { PostgresKeyStore } from './postgres-key-store.ts';
import { ProviderKeyStore } from './provider-key-store.ts';
import { Sealer } from './sealing.ts';

const quiet = { info() {}, warn() {}, error() {} };

describe('keys in the database', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-access-'));
  let database: Database;

  before(async () => {
    copyPreparedDatabase(dataDir);
    database = await openDatabase({ dataDir, url: undefined, log: quiet });
    await migrate(database);
  });
  after(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('promise 12: an API key is told once; only its hash is stored', async () => {
    const store = new PostgresKeyStore(database.orm, systemClock);
    const { key, ...made } = await store.create({ project: 'support', user: 'ada', models: ['chat', 'gpt-*'] });
    assert.deepEqual((await store.live()).get(hashApiKey(key)), made);
    const { rows } = await database.pool.query('select * from api_keys');
    assert.ok(!JSON.stringify(rows).includes(key.slice(3)));
    assert.deepEqual(await store.list(), [made]);
  });

  test('a revocation raises the revision and is final', async () => {
    const store = new PostgresKeyStore(database.orm, systemClock);
    const { id, key } = await store.create({ project: 'p' });
    const revision = await store.revision();
    assert.equal(await store.revoke(id), true);
    assert.ok((await store.revision()) > revision);
    assert.equal((await store.live()).has(hashApiKey(key)), false);
    assert.equal(await store.revoke(id), false);
    assert.equal(await store.revoke('key_\0none'), false);
    assert.ok((await store.list()).find((row) => row.id === id)?.revokedAt);
  });

  test("promise 12: a provider's key is stored sealed, opens again, and survives a rotation", async () => {
    const [old, current] = ['an old passphrase of some length', 'a new passphrase of some length'];
    const secret = 'sk-provider-secret-1234';
    const first = new ProviderKeyStore(database.orm, new Sealer(old), systemClock);
    const { id, hint } = await first.add('openai', secret);
    assert.equal(hint, 'sk-…1234');
    const { rows } = await database.pool.query('select * from provider_keys');
    assert.ok(!JSON.stringify(rows).includes(secret));
    assert.deepEqual(first.open(await first.sealed()).keys, new Map([['openai', [secret]]]));

    const rotated = new ProviderKeyStore(database.orm, new Sealer(current, [old]), systemClock);
    assert.equal(await rotated.reseal(), 1);
    assert.equal(await rotated.reseal(), 0);
    const afterwards = new ProviderKeyStore(database.orm, new Sealer(current), systemClock);
    assert.deepEqual(afterwards.open(await afterwards.sealed()).keys, new Map([['openai', [secret]]]));
    const { closed } = first.open(await first.sealed());
    assert.deepEqual(
      closed.map((row) => row.id),
      [id],
    );
    assert.equal(await afterwards.remove(id), true);
    assert.deepEqual(await afterwards.list(), []);
  });

  test('without a master key nothing is stored', async () => {
    const store = new ProviderKeyStore(database.orm, undefined, systemClock);
    await assert.rejects(store.add('openai', 'sk-x'), { code: 'request_invalid' });
    assert.deepEqual(store.open(await store.sealed()).keys, new Map());
  });

  test('the admin key is made once, told once, and the environment wins', async () => {
    const first = await openAdminKey(database.orm, revisions, undefined);
    assert.ok(first.fresh && first.check(first.fresh));
    const second = await openAdminKey(database.orm, revisions, undefined);
    assert.equal(second.fresh, undefined);
    assert.ok(second.check(first.fresh));
    assert.equal(second.check('cwa-other'), false);
    const configured = await openAdminKey(database.orm, revisions, 'from the environment');
    assert.ok(configured.check('from the environment'));
    assert.equal(configured.check(first.fresh), false);
  });
});
