import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { SessionTurns, type TurnOwner } from './session-turns.ts';

const PATIENCE_MS = 1000;

function turnsWith(evicted: TurnOwner[] = [], failures: unknown[] = []): SessionTurns {
  return new SessionTurns({
    patienceMs: PATIENCE_MS,
    evict: (owner) => evicted.push(owner),
    failed: (error) => failures.push(error),
  });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns of one session', () => {
  test('no turn of another comes between the turns of an owner that holds it, and each owner keeps its order', async () => {
    const plan = fc.array(fc.record({ owner: fc.nat(3), holds: fc.boolean() }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const owners = [{}, {}, {}, {}];
        const done: { owner: number; holds: boolean; step: number }[] = [];
        const turns = turnsWith();
        // Every owner lets go at its end, so that all get their turn.
        const all = [...steps, ...owners.map((_, owner) => ({ owner, holds: false }))];
        all.forEach(({ owner, holds }, step) => {
          turns.take(owners[owner] ?? {}, async () => {
            await settled();
            done.push({ owner, holds, step });
            return holds;
          });
        });
        while (done.length < all.length) await settled();
        done.forEach((turn, at) => {
          const next = done[at + 1];
          if (turn.holds && next) assert.equal(next.owner, turn.owner);
        });
        for (const owner of owners.keys()) {
          const order = done.filter((turn) => turn.owner === owner).map(({ step }) => step);
          assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  test('an owner that leaves while its turn runs is cleaned up after, before anybody else', async () => {
    const turns = turnsWith();
    const events: string[] = [];
    const [leaver, other] = [{}, {}];
    const { promise: running, resolve: finish } = Promise.withResolvers<void>();
    turns.take(leaver, async () => {
      await running;
      events.push('begin');
      return true;
    });
    turns.take(leaver, async () => {
      events.push('never');
      return true;
    });
    turns.take(other, async () => {
      events.push('other');
      return false;
    });
    turns.leave(leaver, async () => void events.push('rollback'));
    finish();
    await settled();
    assert.deepEqual(events, ['begin', 'rollback', 'other']);
  });

  test('an owner that keeps the session idle is evicted, but only where others wait', async (t) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    t.after(() => mock.timers.reset());
    const evicted: TurnOwner[] = [];
    const turns = turnsWith(evicted);
    const [idle, other] = [{}, {}];
    let served = false;
    turns.take(idle, async () => true);
    await settled();
    mock.timers.tick(PATIENCE_MS * 2);
    assert.deepEqual(evicted, []);
    turns.take(other, async () => (served = true));
    await settled();
    mock.timers.tick(PATIENCE_MS - 1);
    assert.deepEqual(evicted, []);
    mock.timers.tick(1);
    assert.deepEqual(evicted, [idle]);
    turns.leave(idle, async () => {});
    await settled();
    assert.equal(served, true);
  });

  test('a turn that throws ends it for all', async () => {
    const failures: unknown[] = [];
    const turns = turnsWith([], failures);
    const error = new Error('broken');
    turns.take({}, () => Promise.reject(error));
    turns.take({}, async () => assert.fail('nobody may use a broken session'));
    await settled();
    turns.take({}, async () => assert.fail('nobody may use a broken session'));
    await settled();
    assert.deepEqual(failures, [error]);
  });
});
