import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { DAY_MS } from '../../core/units.ts';
import { revisionOf } from '../../storage/revisions/revision-store.ts';
import { PostgresRolloutStore } from './rollout-store.ts';
import { oldTallies } from './tallies/old-tallies.ts';
import { PostgresTallyStore, type TallyRow } from './tallies/tally-store.ts';

/** The order of arms says which is the control; names that the database dislikes are somebody's. */
const WRITTEN = {
  model: 'chat',
  arms: { zebra: { weight: 1 }, a: { set: { target: 'sim/small' } }, 'b\0': {} },
  judge: { target: 'sim/echo', rubric: 'half \uD800 \u{1F600}' },
};

const row = (parts: Partial<TallyRow> = {}): TallyRow => {
  return { kind: 'canary', id: 'c', run: 'r1', arm: 'stable', step: 0, sums: { n: 1 }, ...parts };
};

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`what is tried, in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let clock: FakeClock;
    let store: PostgresRolloutStore;
    let tallies: PostgresTallyStore;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());
    beforeEach(async () => {
      await opened.database.pool.query('truncate rollouts, rollout_tallies');
      clock = new FakeClock();
      store = new PostgresRolloutStore(opened.database.orm, clock);
      tallies = new PostgresTallyStore(opened.database.orm, clock);
    });

    const revision = () => revisionOf(opened.database.orm, 'rollouts');

    test('a definition comes back as it was sent, its members in their order, and every change is noticed', async () => {
      const earlier = await revision();
      await store.put('experiment', 'e', WRITTEN);
      await store.put('flag', 'e', { model: 'chat', set: {} });
      const [experiment, flag] = await store.list();
      assert.ok(experiment);
      const { arms, judge } = experiment.definition as unknown as typeof WRITTEN;
      assert.deepEqual(Object.keys(arms), ['zebra', 'a', 'b\uFFFD']);
      assert.equal(judge.rubric, 'half \uFFFD \u{1F600}');
      assert.deepEqual([flag?.kind, flag?.state, flag?.stateVersion], ['flag', null, 0]);
      assert.equal(await store.delete('flag', 'e'), true);
      assert.equal(await store.delete('flag', 'e'), false);
      assert.equal(await store.delete('flag', '\0'), false);
      assert.equal((await store.list()).length, 1);
      assert.ok((await revision()) >= earlier + 3);
    });

    test('a state is written by whoever has read the latest; a new definition leaves it', async () => {
      assert.equal(await store.setState('canary', 'file', 1, { at: 0 }), false, 'there is none to be replaced');
      assert.equal(await store.setState('canary', 'file', 0, { at: 1 }), true);
      assert.equal(await store.setState('canary', 'file', 0, { at: 2 }), false);
      const tries = Array.from({ length: 6 }, (_, at) => store.setState('canary', 'file', 1, { at: at + 10 }));
      assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
      await store.put('canary', 'file', { model: 'chat' });
      const [found] = await store.list();
      assert.deepEqual([found?.stateVersion, found?.definition], [2, { model: 'chat' }]);
      await store.put('canary', 'admin', { model: 'other' });
      assert.equal(await store.setState('canary', 'admin', 0, { at: 1 }), true, 'of one that has a definition');
    });

    test('sums are written over by their replica, and read of all of them', async () => {
      await tallies.save('a', [row(), row({ arm: 'candidate', sums: { n: 2, deep: [1.5, null] } })]);
      await tallies.save('a', [row({ sums: { n: 9 } })]);
      await tallies.save('b', [row({ sums: { n: 4 } }), row({ run: 'r2' }), row({ kind: 'shadow' })]);
      const found = await tallies.of([{ kind: 'canary', id: 'c', run: 'r1' }]);
      assert.deepEqual(
        found
          .map(({ replica, arm, sums }) => [`${replica}/${arm}`, sums])
          .toSorted(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
        [
          ['a/candidate', { n: 2, deep: [1.5, null] }],
          ['a/stable', { n: 9 }],
          ['b/stable', { n: 4 }],
        ],
      );
      assert.deepEqual(await tallies.of([]), []);
      await tallies.save('a', []);
    });

    test('sums of shadows are of their own form, and never added up with those of replicas that are silent', async () => {
      const sums = { pairs: 7, latency: { times: { n: 7, sum: 1 } } };
      await tallies.save('gone', [row({ kind: 'shadow', id: 'alone', arm: 'pairs', sums })]);
      assert.equal(await tallies.fold(clock.now() + 1, 10), 0);
      const [found] = await tallies.of([{ kind: 'shadow', id: 'alone', run: 'r1' }]);
      assert.deepEqual([found?.replica, found?.sums], ['gone', sums]);
    });

    test('sums go with what they are of, and those of runs that are over after ninety days', async () => {
      for (const id of ['c', 'd']) await store.put('canary', id, { model: 'chat' });
      await tallies.save('a', [row(), row({ run: 'r2' }), row({ id: 'd' })]);
      clock.advance(90 * DAY_MS);
      const sweep = oldTallies(tallies, () => [{ kind: 'canary', id: 'c', run: 'r2' }], clock);
      assert.equal(await sweep.delete(10), 0, 'ninety days to the millisecond are not more');
      clock.advance(1);
      assert.deepEqual([await sweep.delete(1), await sweep.delete(10)], [1, 1]);
      await tallies.save('a', [row({ id: 'd' })]);
      await store.delete('canary', 'c');
      const { rows } = await opened.database.pool.query('select id from rollout_tallies');
      assert.deepEqual(rows, [{ id: 'd' }]);
    });
  });
}
