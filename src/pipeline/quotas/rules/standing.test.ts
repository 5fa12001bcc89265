import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import type { LimitSettings } from '../settings.ts';
import { limitRulesOf } from './limit-rules.ts';
import { type StandingDeps, standingOf } from './standing.ts';

const usual = { burst: 0.5, models: [] };
const LIMITS: LimitSettings[] = [
  { per: 'ip', requests: { count: 10, windowMs: 60_000 }, ...usual },
  { per: 'project', requests: { count: 10, windowMs: 60_000 }, concurrency: 3, ...usual },
  { per: 'key', id: 'key_9', requests: { count: 4, windowMs: 1000 }, ...usual },
  { per: 'model', tokens: { count: 100, windowMs: 60_000 }, burst: 1, models: ['gpt-*'] },
];

function desk(busiest: StandingDeps['busiest']) {
  const ledger = new MemoryLedger(new FakeClock());
  const rules = limitRulesOf(LIMITS);
  return { ledger, rules, ask: () => standingOf({ read: (claims) => ledger.read(claims), busiest }, rules, 2) };
}

const named = { project: ['support', 'search'], model: ['gpt-5', 'claude'] } as Readonly<Record<string, string[]>>;

describe('how limits stand', () => {
  it('is said of who is busy, of the one that a limit is for, and of no address', async () => {
    const { ask } = desk(async (per) => named[per]);
    const told = (await ask()).map(({ rule, subjects }) => [rule.per, rule.unit, subjects?.map((one) => one.subject)]);
    assert.deepEqual(told, [
      ['ip', 'requests', undefined],
      ['project', 'requests', ['support', 'search']],
      ['project', 'concurrency', ['support', 'search']],
      ['key', 'requests', ['key_9']],
      ['model', 'tokens', ['gpt-5']],
    ]);
  });

  it('is what the counters say now', async () => {
    const { ledger, rules, ask } = desk(async (per) => named[per]);
    const claims = rules.slice(1, 3).map((rule) => rule.claim('support', 1));
    assert.equal(ledger.admit(claims).admitted, true);
    const [, requests, places] = await ask();
    const [support, search] = requests?.subjects ?? [];
    assert.deepEqual([support?.state.remaining, search?.state.remaining], [4, 5]);
    assert.equal(support?.state.resetMs, 6000);
    assert.deepEqual(
      places?.subjects?.map(({ state }) => [state.remaining, state.reserved]),
      [
        [2, 1],
        [3, 0],
      ],
    );
  });

  it('asks once who is busy, whatever rules there are, and goes on where nobody knows', async () => {
    const asked: string[] = [];
    const { ask } = desk(async (per) => {
      asked.push(per);
      return undefined;
    });
    const told = await ask();
    assert.deepEqual(asked, ['project', 'model']);
    assert.deepEqual(
      told.map(({ subjects }) => subjects?.length),
      [undefined, undefined, undefined, 1, undefined],
    );
  });
});
