import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { type ShadowTallyRow, Tallies, type TallyStore } from './tallies.ts';

const SHADOW = { id: 'small', run: 'r1' };

class PlainTallies implements TallyStore {
  readonly rows = new Map<string, ShadowTallyRow>();
  isAway = false;

  save(replica: string, rows: readonly ShadowTallyRow[]): Promise<void> {
    if (this.isAway) return Promise.reject(new GatewayError('storage_unavailable'));
    for (const row of rows) this.rows.set(`${replica} ${row.id} ${row.run} ${row.arm}`, row);
    return Promise.resolve();
  }

  of(runs: Parameters<TallyStore['of']>[0]): ReturnType<TallyStore['of']> {
    const found = [...this.rows.values()].filter(({ id, run }) => runs.some((one) => one.id === id && one.run === run));
    return Promise.resolve(found);
  }
}

function open(
  store: TallyStore,
  replica: string,
  scheduler = new FakeClock(),
  current: () => readonly { id: string; run: string }[] = () => [SHADOW],
): Tallies {
  return new Tallies({ store, replica, current, scheduler, log: { warn: () => {} } });
}

describe('what shadows have seen', () => {
  it('is the sum of all replicas and of those that are gone, each counted once', async () => {
    const store = new PlainTallies();
    const [first, second] = [open(store, 'a'), open(store, 'b')];
    first.add(SHADOW, 'pairs', { pairs: 1, cost: { n: 1 } });
    await first.flush();
    first.add(SHADOW, 'pairs', { pairs: 1, cost: { n: 1 } });
    second.add(SHADOW, 'pairs', { pairs: 5 });
    await first.close();
    await second.flush();
    const restarted = open(store, 'a2');
    restarted.add(SHADOW, 'pairs', { pairs: 10 });
    assert.deepEqual((await restarted.read('small', 'r1')).pairs, { pairs: 17, cost: { n: 2 } });
    assert.deepEqual((await restarted.read('small', 'r2')).pairs, {});
  });

  it('is written down soon, and again where the store was away; nothing is lost or there twice', async () => {
    const [store, clock] = [new PlainTallies(), new FakeClock()];
    const tallies = open(store, 'a', clock);
    store.isAway = true;
    tallies.add(SHADOW, 'candidate', { requests: 1 });
    clock.advance(5000);
    await turn();
    await assert.rejects(tallies.read('small', 'r1'), /storage|database/i);
    tallies.add(SHADOW, 'candidate', { requests: 1 });
    store.isAway = false;
    clock.advance(5000);
    await turn();
    assert.deepEqual((await tallies.read('small', 'r1')).candidate, { requests: 2 });
  });

  it('that is added while it is written is written the next time', async () => {
    const store = new PlainTallies();
    const tallies = open(store, 'a');
    tallies.add(SHADOW, 'live', { requests: 1 });
    const writing = tallies.flush();
    tallies.add(SHADOW, 'live', { requests: 1 });
    await writing;
    await tallies.close();
    assert.deepEqual([...store.rows.values()].find(({ arm }) => arm === 'live')?.sums, { requests: 2 });
  });

  it('of a run that is over is forgotten, and not written any more', async () => {
    const store = new PlainTallies();
    let current = [SHADOW, { id: 'other', run: 'r1' }];
    const tallies = open(store, 'a', new FakeClock(), () => current);
    tallies.add(SHADOW, 'pairs', { pairs: 500 });
    await tallies.flush();
    tallies.add(SHADOW, 'pairs', { pairs: 1 });
    // It is deleted, with all that was counted; what is under way still ends.
    current = current.slice(1);
    store.rows.clear();
    tallies.add(SHADOW, 'pairs', { pairs: 1 });
    await tallies.flush();
    tallies.add(SHADOW, 'pairs', { pairs: 1 });
    tallies.add({ id: 'other', run: 'r1' }, 'pairs', { pairs: 2 });
    assert.deepEqual((await tallies.read('small', 'r1')).pairs, {});
    assert.deepEqual((await tallies.read('other', 'r1')).pairs, { pairs: 2 });
  });

  it('of a run that comes back is added to what was written before', async () => {
    const store = new PlainTallies();
    let current = [SHADOW];
    const tallies = open(store, 'a', new FakeClock(), () => current);
    tallies.add(SHADOW, 'pairs', { pairs: 3 });
    await tallies.flush();
    current = [{ ...SHADOW, run: 'r2' }];
    tallies.add({ ...SHADOW, run: 'r2' }, 'pairs', { pairs: 10 });
    current = [SHADOW];
    tallies.add(SHADOW, 'pairs', { pairs: 4 });
    assert.deepEqual((await tallies.read('small', 'r1')).pairs, { pairs: 7 });
  });

  it('is counted however many runs there were before', async () => {
    const store = new PlainTallies();
    let run = '';
    const tallies = open(store, 'a', new FakeClock(), () => [{ id: 'small', run }]);
    for (let at = 0; at <= 1500; at += 1) {
      run = `r${at}`;
      tallies.add({ id: 'small', run }, 'pairs', { pairs: 1 });
    }
    assert.deepEqual((await tallies.read('small', run)).pairs, { pairs: 1 });
    assert.ok(store.rows.size <= 3, `${store.rows.size}`);
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
