import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { ManualRevisions } from '../../../test/support/manual-revisions.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { systemClock } from '../../core/clock.ts';
import type { Database } from '../../storage/database/database.ts';
import type { FollowedState } from '../../storage/revisions/revision-follower.ts';
import { revisionOf } from '../../storage/revisions/revision-store.ts';
import { openAdminKey } from './admin-key-store.ts';
import { hashApiKey } from './api-key.ts';
import { PostgresKeyStore } from './postgres-key-store.ts';
import { ProviderKeyStore } from './provider-key-store.ts';
import { Sealer } from './sealing.ts';

for (const kind of ['embedded', 'postgres'] as const)
  describe(`keys in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let database: Database;

    before(async () => {
      opened = await openTracesDatabase(kind);
      ({ database } = opened);
    });
    after(() => opened.close());
    beforeEach(() => database.pool.query('truncate api_keys, provider_keys, settings'));

    test('of many that make the first key at once one does, and nobody where there are keys', async () => {
      const stores = Array.from({ length: 8 }, () => new PostgresKeyStore(database.orm, systemClock));
      const made = await Promise.all(stores.map((store) => store.createFirst({ project: 'default' })));
      const [first, ...others] = made.filter((key) => key !== undefined);
      assert.ok(first);
      assert.deepEqual(others, []);
      assert.equal((await stores[0]?.list())?.length, 1);
      await stores[0]?.revoke(first.id);
      assert.equal(await stores[0]?.createFirst({ project: 'default' }), undefined, 'a revoked key is a key');
    });

    test('pages have every key once, newest first, also where some are of the same instant', async () => {
      let now = 1_700_000_000_000;
      const store = new PostgresKeyStore(database.orm, { now: () => now, monotonic: () => 0 });
      for (let made = 0; made < 9; made += 1) {
        if (made % 3 === 0) now += 1;
        await store.create({ project: made % 2 === 0 ? 'even' : 'odd' });
      }
      const all = await store.list();
      assert.deepEqual(
        all.map(({ createdAt }) => createdAt.getTime()),
        all.map(({ createdAt }) => createdAt.getTime()).toSorted((a, b) => b - a),
      );
      for (const project of [undefined, 'even']) {
        const seen: string[] = [];
        for (let page = await store.page({ project, limit: 2 }); page.length > 0;) {
          seen.push(...page.map(({ id }) => id));
          const [last] = page.slice(-1);
          page = await store.page({ project, limit: 2, after: last && { at: last.createdAt, id: last.id } });
        }
        const wanted = all.filter((key) => project === undefined || key.project === project);
        assert.deepEqual(
          seen,
          wanted.map(({ id }) => id),
        );
      }
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
      const revision = await revisionOf(database.orm, 'api_keys');
      assert.equal(await store.revoke(id), true);
      assert.ok((await revisionOf(database.orm, 'api_keys')) > revision);
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
      const revisions = new ManualRevisions();
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

    test('promise 7: an admin key that is known from a snapshot stays, in a database without one too', async () => {
      const first = await openAdminKey(database.orm, new ManualRevisions(), undefined);
      const { fresh } = first;
      assert.ok(fresh);
      const kept = hashApiKey(fresh);
      await database.pool.query('truncate settings');
      const revisions = {
        follow: async (state: FollowedState) => {
          state.kept?.load(kept);
          await state.refresh();
        },
        refresh: async () => undefined,
      };
      const second = await openAdminKey(database.orm, revisions, undefined);
      assert.ok(second.check(fresh));
      assert.equal(second.fresh, undefined);
      assert.ok((await openAdminKey(database.orm, new ManualRevisions(), undefined)).check(fresh));
    });
  });
