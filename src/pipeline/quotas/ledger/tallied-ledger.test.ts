import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { ledgerLaws } from '../../../../test/support/ledger-laws.ts';
import type { BudgetClaim, Holding } from './ledger.ts';
import { MemoryLedger } from './memory-ledger.ts';
import type { SpendRow } from './spend.ts';
import { TalliedLedger } from './tallied-ledger.ts';

/** A store that keeps what it is told, and may be away. */
function storeOf() {
  const rows = new Map<string, SpendRow>();
  const store = {
    isAway: false,
    saves: 0,
    rows,
    save(_replica: string, some: readonly SpendRow[]): Promise<void> {
      store.saves += 1;
      if (store.isAway) return Promise.reject(new Error('away'));
      for (const row of some) rows.set(row.key, row);
      return Promise.resolve();
    },
  };
  return store;
}

function talliedOn(clock: FakeClock, store: ReturnType<typeof storeOf>, told: boolean[] = []): TalliedLedger {
  return new TalliedLedger({
    ledger: new MemoryLedger(clock),
    replica: 'replica_1',
    store,
    scheduler: clock,
    now: () => clock.now(),
    onStore: (answers) => void told.push(answers),
  });
}

function claimOf(key: string, amount: number, endsAt?: number): BudgetClaim {
  return { kind: 'budget', key, limit: 1_000_000, amount, hard: true, endsAt };
}

async function take(ledger: TalliedLedger, claim: BudgetClaim): Promise<Holding> {
  const verdict = await ledger.admit([claim]);
  assert.ok(verdict.admitted);
  return verdict.holding;
}

/** What was begun when a timer came due has ended. */
const saved = (): Promise<void> => new Promise((done) => setImmediate(done));

ledgerLaws(
  'a ledger that remembers',
  () => {
    const clock = new FakeClock();
    return Promise.resolve({
      ledger: talliedOn(clock, storeOf()),
      advance: (ms) => clock.advance(ms),
      settled: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
  },
  { runs: 50 },
);

describe('what a replica remembers of its spending', () => {
  it('promise 4: is the sum of what it settled and of what it holds, in the store as here', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b'),
      amount: fc.nat(1000),
      actual: fc.nat(1000),
      ends: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const [clock, store] = [new FakeClock(), storeOf()];
        const ledger = talliedOn(clock, store);
        const expected: Record<string, { used: number; reserved: number }> = {};
        for (const { key, amount, actual, ends } of steps) {
          const sums = (expected[key] ??= { used: 0, reserved: 0 });
          const holding = await take(ledger, claimOf(key, amount));
          if (!ends) sums.reserved += amount;
          else {
            holding.settle([actual]);
            holding.settle([actual]);
            sums.used += actual;
          }
        }
        clock.advance(250);
        await saved();
        for (const rows of [ledger.rows(), [...store.rows.values()]]) {
          const seen = Object.fromEntries(rows.map(({ key, used, reserved }) => [key, { used, reserved }]));
          assert.deepEqual(seen, expected);
        }
      }),
    );
  });

  it('is written once for many calls, and again where the store was away', async () => {
    const [clock, store, told] = [new FakeClock(), storeOf(), [] as boolean[]];
    const ledger = talliedOn(clock, store, told);
    for (let at = 0; at < 100; at += 1) (await take(ledger, claimOf('a', 10))).settle([1]);
    store.isAway = true;
    clock.advance(250);
    await saved();
    assert.deepEqual([store.saves, told], [1, [false]]);
    store.isAway = false;
    clock.advance(1000);
    await saved();
    assert.deepEqual([store.saves, told], [2, [false, true]]);
    assert.deepEqual(store.rows.get('a'), { key: 'a', endsAt: undefined, used: 100, reserved: 0 });
  });

  it('is written four times a second at most, however much comes while it is written', async () => {
    const [clock, store] = [new FakeClock(), storeOf()];
    const ledger = talliedOn(clock, store);
    const save = store.save.bind(store);
    const spend = async (): Promise<void> => (await take(ledger, claimOf('a', 10))).settle([1]);
    store.save = async (replica, rows) => {
      await save(replica, rows);
      await spend();
    };
    await spend();
    for (let quarter = 0; quarter < 8; quarter += 1) {
      clock.advance(250);
      await saved();
    }
    assert.equal(store.saves, 8);
    assert.equal(store.rows.get('a')?.used, 8);
  });

  it('is written to the last, where the store was away while more of it came', async () => {
    const [clock, store] = [new FakeClock(), storeOf()];
    const ledger = talliedOn(clock, store);
    const save = store.save.bind(store);
    for (let at = 0; at < 5001; at += 1) (await take(ledger, claimOf(`all ${at}`, 10))).settle([1]);
    store.save = async (_replica, [first]) => {
      (await take(ledger, claimOf(first?.key ?? '', 10))).settle([1]);
      throw new Error('away');
    };
    clock.advance(250);
    await saved();
    store.save = save;
    clock.advance(1000);
    await saved();
    assert.deepEqual([store.saves, store.rows.size], [2, 5001]);
    const used = [...store.rows.values()].reduce((sum, row) => sum + row.used, 0);
    assert.equal(used, 5002);
  });

  it('is written when it is closed', async () => {
    const [clock, store] = [new FakeClock(), storeOf()];
    const ledger = talliedOn(clock, store);
    await take(ledger, claimOf('a', 10));
    assert.equal(ledger.outstanding, 1);
    await ledger.close();
    assert.equal(store.rows.get('a')?.reserved, 10);
  });

  it('promise 11: is forgotten a day after the period', async () => {
    const [clock, store] = [new FakeClock(), storeOf()];
    const ledger = talliedOn(clock, store);
    (await take(ledger, claimOf('old', 10, clock.now() + 1000))).settle([1]);
    clock.advance(86_400_000 + 2000);
    await saved();
    (await take(ledger, claimOf('new', 10))).settle([1]);
    clock.advance(250);
    await saved();
    assert.deepEqual(
      ledger.rows().map(({ key }) => key),
      ['new'],
    );
  });
});
