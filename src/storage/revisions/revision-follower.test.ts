import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { systemScheduler } from '../../core/scheduler.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { type ChangeNotices, NoticeConnection } from './change-notices.ts';
import { type FollowerOptions, RevisionFollower, followDatabase } from './revision-follower.ts';
import { change, readRevisions } from './revision-store.ts';

const silent = { info() {}, warn() {}, error() {} };
const NO_NOTICES: ChangeNotices = { working: false, close: () => Promise.resolve() };

/** A database in which the test raises numbers, and a follower on it whose time the test moves. */
function house(options: Partial<FollowerOptions> = {}) {
  const revisions = new Map<string, number>();
  const clock = new FakeClock();
  const said: string[] = [];
  const state = { isDown: false, questions: 0 };
  const note = (_facts: object, message = ''): void => void said.push(message);
  const follower = new RevisionFollower({
    async revisions() {
      state.questions += 1;
      if (state.isDown) throw new Error('away');
      return new Map(revisions);
    },
    scheduler: clock,
    log: { info: note, warn: note },
    notices: () => NO_NOTICES,
    ...options,
  });
  const raise = (subject: string): void => void revisions.set(subject, (revisions.get(subject) ?? 0) + 1);
  return { follower, clock, said, state, raise };
}

/** All that a look at a database in memory does. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

describe('what is followed', () => {
  test('is loaded at the start, and again within a second of a change that nobody tells of', async () => {
    const { follower, clock, raise, state } = house();
    const loads = { api_keys: 0, budgets: 0 };
    await follower.follow({ subject: 'api_keys', refresh: async () => void (loads.api_keys += 1) });
    await follower.follow({ subject: 'budgets', refresh: async () => void (loads.budgets += 1) });
    raise('budgets');
    state.questions = 0;
    clock.advance(999);
    await settle();
    assert.deepEqual(loads, { api_keys: 1, budgets: 2 });
    assert.equal(state.questions, 1, 'one question asks for all');
  });

  test('is seen at once where it was changed here; those who ask together share a question', async () => {
    const { follower, raise, state } = house();
    let loads = 0;
    await follower.follow({ subject: 'api_keys', refresh: async () => void (loads += 1) });
    raise('api_keys');
    state.questions = 0;
    await Promise.all([follower.refresh(), follower.refresh(), follower.refresh()]);
    assert.equal(loads, 2);
    assert.equal(state.questions, 1);
  });

  test('promise 7: stays as it was while the database is away, which is said once', async () => {
    const { follower, raise, state, said } = house();
    let loads = 0;
    await follower.follow({ subject: 'api_keys', refresh: async () => void (loads += 1) });
    state.isDown = true;
    raise('api_keys');
    await follower.refresh();
    await follower.refresh();
    assert.equal(loads, 1);
    assert.equal(follower.isAway, true);
    state.isDown = false;
    await follower.refresh();
    assert.equal(loads, 2);
    assert.equal(follower.isAway, false);
    assert.equal(said.length, 2, said.join());
  });

  test('a change during a load is not missed, and a load that fails is tried again beside others', async () => {
    const { follower, raise, said } = house();
    let loads = 0;
    let failures = 2;
    await follower.follow({
      subject: 'api_keys',
      async refresh() {
        loads += 1;
        if (loads === 2) raise('api_keys');
      },
    });
    await follower.follow({
      subject: 'budgets',
      async refresh() {
        failures -= 1;
        if (failures === 0) throw new Error('a row that cannot be read');
      },
    });
    raise('api_keys');
    raise('budgets');
    await follower.refresh();
    await follower.refresh();
    assert.equal(loads, 3);
    assert.equal(failures, -1);
    assert.equal(follower.isAway, false);
    assert.equal(said.length, 1);
    await follower.refresh();
    assert.deepEqual([loads, failures], [3, -1]);
  });

  test('promise 7: begins without the database, and is loaded when that has come and is up to date', async () => {
    let isThere = false;
    let isUpToDate = false;
    const { follower, said } = house({
      async prepare() {
        if (!isThere) throw new Error('away');
        isUpToDate = true;
      },
    });
    let loads = 0;
    let prepared = false;
    follower.followLater({
      subject: 'api_keys',
      async refresh() {
        assert.ok(isUpToDate);
        loads += 1;
      },
    });
    void follower.prepared.then(() => (prepared = true));
    await follower.refresh();
    assert.deepEqual([loads, prepared, follower.isAway], [0, false, true]);
    isThere = true;
    await follower.refresh();
    await follower.refresh();
    assert.deepEqual([loads, prepared, follower.isAway], [1, true, false]);
    assert.deepEqual(said, ['the database answers again']);
  });

  test('is left alone after the end', async () => {
    const { follower, clock, state } = house();
    await follower.close();
    clock.advance(10_000);
    await follower.refresh();
    assert.equal(state.questions, 0);
    assert.equal(clock.waiting, 0);
  });
});

/** A subject that resolves when it is loaded again. */
function watchedState() {
  const { promise: changed, resolve } = Promise.withResolvers<void>();
  let loads = 0;
  return {
    changed,
    state: {
      subject: 'api_keys' as const,
      async refresh() {
        loads += 1;
        if (loads > 1) resolve();
      },
    },
  };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`changes of the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());

    test('raise the revision with what they do, or neither', async () => {
      const { database } = opened;
      const earlier = (await readRevisions(database)).get('budgets') ?? 0;
      assert.equal(await change(database.orm, 'budgets', async () => 'done'), 'done');
      await assert.rejects(
        change(database.orm, 'budgets', () => Promise.reject(new Error('own'))),
        /own/,
      );
      assert.equal((await readRevisions(database)).get('budgets'), earlier + 1);
    });

    test('made here are seen here at once, without a question in between', async (t) => {
      const follower = followDatabase(opened.database, { log: silent });
      t.after(() => follower.close());
      const { state, changed } = watchedState();
      await follower.follow(state);
      await change(opened.database.orm, 'api_keys', async () => undefined);
      await changed;
    });

    test('leave nothing behind where nobody listens', async () => {
      const { orm, pool } = opened.database;
      for (let made = 0; made < 200; made += 1) await change(orm, 'blocks', async () => undefined);
      const { rows } = await pool.query('select pg_notification_queue_usage() as used');
      assert.deepEqual(rows, [{ used: 0 }]);
    });
  });
}

describe('changes made by another replica', { skip: noPostgres }, () => {
  let opened: TracesDatabase;
  let other: Database;
  before(async () => {
    opened = await openTracesDatabase('postgres');
    const url = opened.database.connection.connectionString;
    other = await openDatabase({ dataDir: '', url, log: silent });
  });
  after(async () => {
    await other.close();
    await opened.close();
  });

  /** A follower that never asks by itself: it sees what it is told of. */
  function listening(): { follower: RevisionFollower; connected: Promise<void>; again: () => Promise<void> } {
    let told = Promise.withResolvers<void>();
    const { connection } = opened.database;
    const follower = new RevisionFollower({
      revisions: () => readRevisions(opened.database),
      scheduler: new FakeClock(),
      log: silent,
      notices: (heard) =>
        new NoticeConnection({
          connection,
          scheduler: systemScheduler,
          heard() {
            told.resolve();
            heard();
          },
        }),
    });
    return {
      follower,
      connected: told.promise,
      again() {
        told = Promise.withResolvers();
        return told.promise;
      },
    };
  }

  test('are told', async (t) => {
    const { follower, connected } = listening();
    t.after(() => follower.close());
    const { state, changed } = watchedState();
    await follower.follow(state);
    await connected;
    await change(other.orm, 'api_keys', async () => undefined);
    await changed;
  });

  test('are seen after a connection was lost, and what was changed meanwhile too', async (t) => {
    const { follower, connected, again } = listening();
    t.after(() => follower.close());
    await connected;
    const { state, changed } = watchedState();
    await follower.follow(state);
    const back = again();
    await other.orm.transaction(async (transaction) => {
      await transaction.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and datname = current_database()",
      );
      await transaction.execute(
        "insert into revisions values ('api_keys', 100) on conflict (subject) do update set revision = 100",
      );
    });
    await back;
    await changed;
  });

  test('are seen within a second where nobody is told', async (t) => {
    const follower = new RevisionFollower({
      revisions: () => readRevisions(opened.database),
      scheduler: systemScheduler,
      log: silent,
      notices: () => NO_NOTICES,
    });
    t.after(() => follower.close());
    const { state, changed } = watchedState();
    await follower.follow(state);
    const began = performance.now();
    await change(other.orm, 'api_keys', async () => undefined);
    await changed;
    assert.ok(performance.now() - began < 1000);
  });

  test('are seen within a second where notices are lost by a connection that seems well', async (t) => {
    const follower = new RevisionFollower({
      revisions: () => readRevisions(opened.database),
      scheduler: systemScheduler,
      log: silent,
      notices: () => ({ working: true, close: () => Promise.resolve() }),
    });
    t.after(() => follower.close());
    const { state, changed } = watchedState();
    await follower.follow(state);
    const began = performance.now();
    await change(other.orm, 'api_keys', async () => undefined);
    await changed;
    assert.ok(performance.now() - began < 1000);
  });
});
