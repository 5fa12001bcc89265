import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from './fast-check.ts';
import type {
  Admitted,
  BudgetClaim,
  Claim,
  ConcurrencyClaim,
  Holding,
  QuotaLedger,
  RateClaim,
} from '../../src/pipeline/quotas/ledger/ledger.ts';
import { NaiveLedger } from './naive-ledger.ts';

/** A ledger on an empty store, and its time. */
export interface LedgerBench {
  readonly ledger: QuotaLedger;
  readonly advance: (ms: number) => void;
  /** Settlements that are under way are counted when this resolves. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const rate = (parts: Partial<RateClaim> = {}): RateClaim => ({
  kind: 'rate',
  key: 'rate',
  limit: 600,
  windowMs: 60_000,
  burst: 60,
  amount: 1,
  ...parts,
});

const places = (parts: Partial<ConcurrencyClaim> = {}): ConcurrencyClaim => ({
  kind: 'concurrency',
  key: 'places',
  limit: 3,
  ...parts,
});

const budget = (parts: Partial<BudgetClaim> = {}): BudgetClaim => ({
  kind: 'budget',
  key: 'budget',
  limit: 1000,
  amount: 300,
  hard: true,
  endsAt: undefined,
  ...parts,
});

/** A few counters of each kind, so that calls meet. */
const anyClaim: fc.Arbitrary<Claim> = fc.oneof(
  fc
    .record({ at: fc.nat(1), amount: fc.integer({ min: 0, max: 12 }) })
    .map(({ at, amount }) => rate({ key: `rate${at}`, limit: 60, burst: 6, amount })),
  fc.nat(1).map((at) => places({ key: `places${at}` })),
  fc
    .record({ at: fc.nat(3), amount: fc.nat(600), least: fc.option(fc.nat(600), { nil: undefined }) })
    .map(({ at, amount, least }) => {
      const some = least === undefined ? {} : { least: Math.min(least, amount) };
      return budget({ key: `budget${at}`, hard: at < 2, amount, ...some });
    }),
);

type Step =
  | { readonly do: 'admit'; readonly claims: readonly Claim[] }
  | { readonly do: 'settle'; readonly which: number; readonly share: number }
  | { readonly do: 'wait'; readonly ms: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .uniqueArray(anyClaim, { minLength: 1, maxLength: 6, selector: ({ key }) => key })
      .map((claims): Step => ({ do: 'admit', claims })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ which: fc.nat(30), share: fc.constantFrom(0, 0.25, 0.5, 1, 1.5) })
      .map((step): Step => ({ do: 'settle', ...step })),
  },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((ms): Step => ({ do: 'wait', ms })) },
);

interface Held {
  readonly claims: readonly Claim[];
  readonly holdings: readonly [Holding, Holding];
}

function actualOf(claims: readonly Claim[], share: number): number[] {
  return claims.map((claim) => (claim.kind === 'concurrency' ? 0 : Math.floor(claim.amount * share)));
}

/** The same steps on the ledger and on the naive one say the same. */
async function agrees({ ledger, advance, settled }: LedgerBench, steps: readonly Step[]): Promise<void> {
  const naive = new NaiveLedger();
  const held: Held[] = [];
  for (const step of steps) {
    if (step.do === 'wait') {
      advance(step.ms);
      naive.advance(step.ms);
    } else if (step.do === 'settle') {
      const one = held[step.which % Math.max(1, held.length)];
      for (const holding of one?.holdings ?? []) holding.settle(actualOf(one?.claims ?? [], step.share));
      await settled();
    } else {
      const [seen, expected] = [await ledger.admit(step.claims), naive.admit(step.claims)];
      const { holding: _of, ...said } = expected as Admitted;
      const { holding, ...heard } = seen as Admitted;
      assert.deepEqual(rounded(heard), rounded(said));
      if (seen.admitted && expected.admitted) {
        held.push({ claims: step.claims, holdings: [holding, expected.holding] });
      }
    }
  }
}

/** Times to the millisecond: the microseconds depend on how a ledger reads its clock. */
function rounded(value: object): unknown {
  return JSON.parse(JSON.stringify(value), (name, one: unknown) =>
    (name === 'resetMs' || name === 'retryAfterMs') && typeof one === 'number' ? Math.round(one) : one,
  );
}

async function admitted(ledger: QuotaLedger, claims: readonly Claim[]): Promise<Admitted> {
  const verdict = await ledger.admit(claims);
  assert.ok(verdict.admitted, JSON.stringify(verdict));
  return verdict;
}

/** What every ledger keeps. `runs`: of the laws. */
export function ledgerLaws(name: string, open: () => Promise<LedgerBench>, { runs }: { runs: number }): void {
  async function on(work: (bench: LedgerBench) => Promise<void>): Promise<void> {
    const bench = await open();
    try {
      await work(bench);
    } finally {
      await bench.close();
    }
  }

  describe(`${name} as a ledger of limits and budgets`, () => {
    it('promise 4, promise 5: says what a naive ledger says, whatever comes in whatever order', async () => {
      const steps = fc.array(anyStep, { minLength: 1, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(steps, (some) => on((bench) => agrees(bench, some))),
        { numRuns: runs },
      );
    });

    it('promise 5: never admits more than the rate and the burst in any time', async () => {
      const gaps = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 80 });
      const law = fc.asyncProperty(gaps, (some) =>
        on(async ({ ledger, advance }) => {
          const claim = rate({ limit: 60, burst: 6 });
          const times: number[] = [];
          let now = 0;
          for (const gap of some) {
            advance(gap);
            now += gap;
            if ((await ledger.admit([claim])).admitted) times.push(now);
          }
          for (const [from, start] of times.entries()) {
            for (const [upTo, end] of times.entries()) {
              if (upTo < from) continue;
              assert.ok(upTo - from + 1 <= 6 + (end - start) / 1000 + 1e-5, `${upTo - from + 1} in ${end - start} ms`);
            }
          }
        }),
      );
      await fc.assert(law, { numRuns: Math.ceil(runs / 2) });
    });

    it('promise 5: says to the millisecond when there is room again', () =>
      on(async ({ ledger, advance }) => {
        const claim = rate({ limit: 600, burst: 2 });
        for (let at = 0; at < 2; at += 1) await admitted(ledger, [claim]);
        const refused = await ledger.admit([claim]);
        assert.ok(!refused.admitted);
        assert.equal(Math.round(refused.retryAfterMs ?? 0), 100);
        advance(99);
        assert.equal((await ledger.admit([claim])).admitted, false);
        advance(1);
        await admitted(ledger, [claim]);
      }));

    it('lets what is larger than the burst go after a full pause, and counts all of it', () =>
      on(async ({ ledger, advance }) => {
        const large = rate({ limit: 60, burst: 6, amount: 30 });
        await admitted(ledger, [large]);
        const refused = await ledger.admit([large]);
        assert.ok(!refused.admitted);
        assert.equal(Math.round(refused.retryAfterMs ?? 0), 30_000);
        advance(30_000);
        await admitted(ledger, [large]);
      }));

    it('takes nothing where one claim of several has no room', () =>
      on(async ({ ledger }) => {
        const claims = [rate(), places({ limit: 1 }), budget({ amount: 700 })];
        const first = await admitted(ledger, claims);
        const before = await ledger.read(claims);
        const refused = await ledger.admit([rate(), places({ limit: 5 }), budget({ amount: 301 })]);
        assert.ok(!refused.admitted);
        assert.equal(refused.at, 2);
        assert.equal(refused.retryAfterMs, undefined);
        const same = await ledger.read(claims);
        assert.deepEqual(
          same.map(({ remaining, used, reserved }) => [remaining, used, reserved]),
          before.map(({ remaining, used, reserved }) => [remaining, used, reserved]),
        );
        assert.equal(first.states[2]?.remaining, 300);
      }));

    it('promise 4: counts what was spent, once, however often it is told', () =>
      on(async ({ ledger, settled }) => {
        const { holding } = await admitted(ledger, [budget(), places()]);
        holding.settle([120, 0]);
        holding.settle([300, 0]);
        await settled();
        const [money, place] = await ledger.read([budget(), places()]);
        assert.deepEqual([money?.used, money?.reserved, money?.remaining], [120, 0, 880]);
        assert.equal(place?.reserved, 0);
      }));

    it('grants all budgets the same share of what they could do with', () =>
      on(async ({ ledger }) => {
        const dear = budget({ key: 'dear', limit: 1000, amount: 2000, least: 200 });
        const wide = budget({ key: 'wide', limit: 10_000, amount: 4000, least: 0 });
        const { portion, states } = await admitted(ledger, [dear, wide]);
        assert.equal(portion, 800 / 1800);
        assert.deepEqual(
          states.map(({ reserved }) => reserved),
          [1000, Math.floor((4000 * 800) / 1800)],
        );
        assert.equal((await ledger.admit([dear])).admitted, false);
      }));

    it('admits to a soft budget until it is used up, and no longer', () =>
      on(async ({ ledger, settled }) => {
        const soft = budget({ hard: false, amount: 600 });
        const first = await admitted(ledger, [soft]);
        const second = await admitted(ledger, [soft]);
        assert.equal((await ledger.admit([soft])).admitted, false);
        first.holding.settle([100]);
        second.holding.settle([900]);
        await settled();
        assert.equal((await ledger.admit([soft])).admitted, false);
      }));

    it('gives tokens back that were not used, and takes those that were used beyond', () =>
      on(async ({ ledger, settled }) => {
        const tokens = rate({ limit: 60_000, burst: 6000, amount: 6000 });
        const first = await admitted(ledger, [tokens]);
        first.holding.settle([1000]);
        await settled();
        const [after] = await ledger.read([tokens]);
        assert.equal(after?.remaining, 5000);
        const second = await admitted(ledger, [rate({ ...tokens, amount: 1000 })]);
        second.holding.settle([9000]);
        await settled();
        const refused = await ledger.admit([rate({ ...tokens, amount: 1 })]);
        assert.ok(!refused.admitted);
        assert.equal(Math.round(refused.retryAfterMs ?? 0), 4001);
      }));
  });
}
