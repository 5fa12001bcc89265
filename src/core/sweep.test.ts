import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../test/support/fake-clock.ts';
import { startSweep } from './sweep.ts';

const HOUR_MS = 3_600_000;

/** A table with so many old rows, and a sweep of it. */
function house(rows: number) {
  const clock = new FakeClock();
  const state = { rows, batches: 0, isAway: false, held: Promise.resolve() };
  const warned: string[] = [];
  const sweep = startSweep(
    {
      async delete(limit) {
        state.batches += 1;
        await state.held;
        if (state.isAway) throw new Error('away');
        const gone = Math.min(limit, state.rows);
        state.rows -= gone;
        return gone;
      },
      failure: 'cannot be deleted',
    },
    { scheduler: clock, log: { warn: (_facts, message) => void warned.push(message) } },
  );
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    while (clock.waiting === 0) await new Promise((next) => void setImmediate(next));
  };
  return { clock, state, warned, sweep, pass };
}

describe('a sweep', () => {
  it('promise 11: deletes all that is old in batches, after the start and every hour, whoever writes', async () => {
    const { state, pass, sweep } = house(2500);
    assert.equal(state.batches, 0, 'not at the start');
    await pass(10_000);
    assert.deepEqual([state.rows, state.batches], [0, 3]);
    state.rows = 50_000;
    await pass(HOUR_MS);
    assert.equal(state.rows, 0);
    await sweep.close();
  });

  it('tries again in an hour where the database was away', async () => {
    const { state, pass, warned } = house(10);
    state.isAway = true;
    await pass(10_000);
    assert.deepEqual([state.rows, warned], [10, ['cannot be deleted']]);
    state.isAway = false;
    await pass(HOUR_MS);
    assert.equal(state.rows, 0);
  });

  it('ends with the batch that runs when it is closed, and begins no other', async () => {
    const { state, clock, sweep } = house(5000);
    const gate = Promise.withResolvers<void>();
    state.held = gate.promise;
    clock.advance(10_000);
    const closed = sweep.close();
    gate.resolve();
    await closed;
    assert.deepEqual([state.rows, state.batches, clock.waiting], [4000, 1, 0]);
  });
});
