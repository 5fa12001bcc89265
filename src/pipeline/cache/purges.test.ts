import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { makeAnswer } from '../../../test/support/make-answer.ts';
import { ManualRevisions } from '../../../test/support/manual-revisions.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { PostgresPurgeStore } from './postgres-purge-store.ts';
import { type PurgeStore, Purges, oldPurges } from './purges.ts';
import { readPurge } from './read-purge.ts';
import type { PurgeFilter } from './store/answer-store.ts';
import { MemoryAnswers } from './store/memory-answers.ts';
import { type Purge, PurgeLog } from './store/purge-log.ts';

const DAY_MS = 86_400_000;

/** One process: its answers, and what it was told to delete. */
function replica(store: PurgeStore, clock: FakeClock) {
  const log = new PurgeLog();
  const memory = new MemoryAnswers({ maxBytes: 1_000_000, clock, purges: log });
  const applied: PurgeFilter[] = [];
  const apply = (filter: PurgeFilter): number => {
    applied.push(filter);
    return memory.purge(filter);
  };
  const purges = new Purges({ store, log, apply, clock, scheduler: clock });
  return { memory, log, applied, purges, revisions: new ManualRevisions() };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`purges in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: PostgresPurgeStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new PostgresPurgeStore(opened.database.orm);
    });
    after(() => opened.close());
    beforeEach(async () => void (await opened.database.pool.query('truncate cache_purges')));

    test('a purge on one replica deletes the answers of another, once', async () => {
      const clock = new FakeClock();
      const [one, other] = [replica(store, clock), replica(store, clock)];
      for (const { memory, purges, revisions } of [one, other]) {
        memory.set(makeAnswer({ key: 'a', labels: { user: 'ada', tags: ['news'] }, expiresAt: clock.now() + 1000 }));
        memory.set(makeAnswer({ key: 'b', labels: { user: 'bob' }, expiresAt: clock.now() + 1000 }));
        await purges.start(revisions);
      }
      const filter = { user: 'ada', tag: 'news' };
      assert.deepEqual(await one.purges.purge(filter), { purged: 1, at: clock.now() });
      assert.ok(other.memory.get('a'));
      await other.revisions.refresh();
      await other.revisions.refresh();
      await one.revisions.refresh();
      for (const { memory, applied, log } of [one, other]) {
        assert.equal(memory.get('a'), undefined);
        assert.ok(memory.get('b'));
        assert.deepEqual(applied, [filter]);
        const stored = makeAnswer({ labels: filterLabels, storedAt: clock.now() });
        assert.ok(log.covers(stored), 'what a shared level has of it is not given either');
        assert.ok(!log.covers({ ...stored, storedAt: clock.now() + 1 }));
      }
    });

    test('those that are long over are deleted, the newest are what counts', async () => {
      const clock = new FakeClock();
      const purge = (id: string, ago: number): Purge => ({ id, filter: { model: id }, at: clock.now() - ago });
      for (const one of [purge('old', 3 * DAY_MS), purge('new', 0), purge('young', DAY_MS)]) await store.add(one);
      assert.deepEqual(
        (await store.newest(2)).map(({ id }) => id),
        ['new', 'young'],
      );
      const sweep = oldPurges(store, clock, () => DAY_MS);
      assert.equal(await sweep.delete(10), 1);
      assert.equal(await sweep.delete(10), 0);
      assert.equal((await store.newest(9)).length, 2);
    });
  });
}

const filterLabels = { user: 'ada', tags: ['news'] };

test('a purge that others cannot be told of is one here all the same, and they are told later', async () => {
  const clock = new FakeClock();
  const stored: Purge[] = [];
  let isAway = true;
  const away = {
    add: (purge: Purge) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(void stored.push(purge))),
    newest: () => Promise.resolve(stored),
    deleteBefore: () => Promise.resolve(0),
  };
  const { memory, purges, revisions, log } = replica(away, clock);
  await purges.start(revisions);
  const answer = makeAnswer({ key: 'a', storedAt: clock.now(), expiresAt: clock.now() + 1000 });
  memory.set(answer);
  await assert.rejects(purges.purge({ key: 'a' }), /away/);
  assert.equal(memory.get('a'), undefined);
  await assert.rejects(purges.purge({ key: 'b' }), /away/);
  assert.ok(log.covers(answer), 'also when another one was made since');
  isAway = false;
  clock.advance(5000);
  await new Promise((next) => void setImmediate(next));
  assert.deepEqual(
    stored.map(({ filter }) => filter.key),
    ['a', 'b'],
  );
});

test('a start without the database knows the purges that were', async () => {
  const clock = new FakeClock();
  const kept: Purge[] = [{ id: 'p', filter: { model: 'chat' }, at: clock.now() }];
  const store = {
    add: () => Promise.resolve(),
    newest: () => Promise.resolve(kept),
    deleteBefore: () => Promise.resolve(0),
  };
  const first = replica(store, clock);
  await first.purges.start(first.revisions);
  const saved = first.revisions.states[0]?.kept?.save();
  const later = replica({ ...store, newest: () => Promise.resolve([]) }, clock);
  await later.purges.start(later.revisions);
  assert.ok(saved !== undefined);
  later.revisions.states[0]?.kept?.load(JSON.parse(JSON.stringify(saved)));
  assert.ok(later.log.covers(makeAnswer({ storedAt: clock.now() })));
});

test('a purge says which answers it is for, or that it is for all', () => {
  const all = {
    key: undefined,
    model: undefined,
    tag: undefined,
    project: undefined,
    user: undefined,
    promptVersion: undefined,
  };
  assert.deepEqual(readPurge({ all: true }), all);
  assert.deepEqual(readPurge({ user: 'ada', prompt_version: 'p@1.0.0', all: false }), {
    ...all,
    user: 'ada',
    promptVersion: 'p@1.0.0',
  });
  const faults: [unknown, string | undefined][] = [
    [{}, 'all'],
    [{ all: false }, 'all'],
    [{ all: true, model: 'chat' }, 'all'],
    [{ all: 'yes' }, 'all'],
    [{ model: '' }, 'model'],
    [{ model: 5 }, 'model'],
    [{ modell: 'chat' }, 'modell'],
    [[], undefined],
  ];
  for (const [body, param] of faults) {
    assert.throws(() => readPurge(body), { code: 'request_invalid', ...(param !== undefined && { param }) });
  }
});
