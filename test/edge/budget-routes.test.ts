import assert from 'node:assert/strict';
import { type TestContext, after, before, beforeEach, test } from 'node:test';

import { GatewayError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { BudgetDirectory } from '../../src/pipeline/quotas/budgets/budget-directory.ts';
import { PostgresBudgetStore } from '../../src/pipeline/quotas/budgets/budget-store.ts';
import type { Budget } from '../../src/pipeline/quotas/budgets/budget.ts';
import { budgetRoutes } from '../../src/pipeline/quotas/budgets/routes.ts';
import { PostgresSpendStore } from '../../src/pipeline/quotas/budgets/spend-store.ts';
import type { UsageDeps } from '../../src/pipeline/quotas/budgets/usage.ts';
import { MemoryLedger } from '../../src/pipeline/quotas/ledger/memory-ledger.ts';
import { budgetRulesOf } from '../../src/pipeline/quotas/rules/budget-rules.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { makeBudget } from '../support/make-budget.ts';
import { type TracesDatabase, openTracesDatabase } from '../support/traces-database.ts';
import { startEdge } from './fake-edge.ts';

let opened: TracesDatabase;
before(async () => {
  opened = await openTracesDatabase();
});
after(() => opened.close());
beforeEach(() => opened.database.pool.query('truncate budgets, quota_spend'));

const DAY_MS = 86_400_000;
const OF_FILE = makeBudget({
  id: 'endpoint:/v1/messages:usd:day:utc',
  origin: 'file',
  per: 'endpoint',
  subject: '/v1/messages',
});
const NOBODY_SPENT = { recentPerDay: 0 };

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

interface Bench {
  readonly clock: FakeClock;
  /** A call of the subject is over, and another is under way. */
  spend(budget: Budget, subject: string, used: { readonly usd?: number; readonly tokens?: number }): Promise<void>;
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

interface Setting {
  readonly file?: readonly Budget[];
  readonly recentPerDay?: number;
  readonly spentPerDay?: UsageDeps['spentPerDay'];
}

async function startBench(
  t: TestContext,
  { file = [OF_FILE], recentPerDay, spentPerDay }: Setting = {},
): Promise<Bench> {
  const clock = new FakeClock();
  const { orm } = opened.database;
  const store = new PostgresBudgetStore(orm, clock);
  const spendStore = new PostgresSpendStore(orm, clock);
  const ledger = new MemoryLedger(clock);
  const directory = new BudgetDirectory(store, file);
  await directory.state.refresh();
  const routes = budgetRoutes({
    directory,
    budgetsChanged: () => directory.state.refresh(),
    store,
    clock,
    models: () => ['cheap'],
    read: (claims) => ledger.read(claims),
    spentPerDay: spentPerDay ?? (() => Promise.resolve(recentPerDay)),
    subjectsOf: (...of) => spendStore.subjectsOf(...of),
  });
  const { url } = await startEdge(t, { adminRoutes: [routes] });
  return {
    clock,
    async spend(budget, subject, used) {
      for (const rule of budgetRulesOf([budget])) {
        const amount = used[rule.unit] ?? 0;
        const claim = rule.claim(subject, clock.now(), amount);
        const settled = ledger.admit([claim]);
        const held = ledger.admit([{ ...claim, amount: 1000 }]);
        assert.ok(settled.admitted && held.admitted);
        settled.holding.settle([amount]);
        await spendStore.save('this', [{ key: claim.key, endsAt: claim.endsAt, used: amount, reserved: 1000 }]);
      }
    },
    async ask(method, path, body) {
      const response = await fetch(`${url}/admin/v1/budgets${path}`, {
        method,
        headers: {
          authorization: 'Bearer admin-key',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as JsonObject };
    },
  };
}

const namesIn = ({ body }: Answer): unknown[] => (body['data'] as JsonObject[]).map(({ name }) => name);
const subjectsIn = (budget: JsonObject | undefined): JsonObject[] => (budget?.['subjects'] ?? []) as JsonObject[];
const nextOf = ({ body }: Answer): string => JSON.stringify(body['next']).replaceAll('"', '');
const messageOf = ({ body }: Answer): unknown => (body['error'] as JsonObject | undefined)?.['message'];
const paramOf = ({ body }: Answer): unknown => (body['error'] as JsonObject | undefined)?.['param'];

test('a budget is made, shown as in causeway.yaml with what was used, and sent back as it was shown', async (t) => {
  const bench = await startBench(t, { recentPerDay: 500_000_000 });
  const written = {
    per: 'project',
    id: 'support',
    usd: 10,
    tokens: 5000,
    period: 'week',
    timeZone: 'Asia/Shanghai',
    hard: true,
  };
  const made = await bench.ask('PUT', '/support-weekly', { ...written, degradeTo: { model: 'cheap' } });
  assert.equal(made.status, 200);
  const budget = makeBudget({
    id: 'support-weekly',
    per: 'project',
    subject: 'support',
    nanoUsd: 10_000_000_000,
    tokens: 5000,
    period: 'week',
    timeZone: 'Asia/Shanghai',
    hard: true,
  });
  await bench.spend(budget, 'support', { usd: 5_000_000_000, tokens: 1200 });
  const { body } = await bench.ask('GET', '/support-weekly');
  const { burnRate, exhaustedAt, tokensBurnRate, tokensExhaustedAt, ...rest } = body;
  assert.deepEqual(rest, {
    name: 'support-weekly',
    origin: 'admin',
    ...written,
    alertAt: [0.5, 0.8, 1],
    degradeTo: { model: 'cheap', at: 0.9 },
    atLimit: 'refuse',
    paymentRequired: false,
    settleAborted: 'bound',
    resetsAt: '2023-11-19T16:00:00.000Z',
    used: 5,
    reserved: 0.000_001,
    remaining: 4.999_999,
    tokensUsed: 1200,
    tokensReserved: 1000,
    tokensRemaining: 2800,
  });
  assert.ok(typeof burnRate === 'number' && burnRate > 0.5 && burnRate < 4);
  assert.ok(typeof exhaustedAt === 'string' && exhaustedAt < '2023-11-19T16:00:00.000Z');
  assert.ok(typeof tokensBurnRate === 'number' && tokensExhaustedAt !== undefined);
  const again = await bench.ask('PUT', '/support-weekly', body);
  assert.deepEqual(again, { status: 200, body });
});

test('another amount keeps what was spent; a deleted budget is gone', async (t) => {
  const bench = await startBench(t, NOBODY_SPENT);
  const written = { per: 'key', id: 'key_1', usd: 1, period: 'day' };
  await bench.ask('PUT', '/k', written);
  await bench.spend(makeBudget({ id: 'k', per: 'key', subject: 'key_1' }), 'key_1', { usd: 600_000_000 });
  const { body } = await bench.ask('PUT', '/k', { ...written, usd: 5 });
  assert.deepEqual([body['used'], body['remaining'], body['usd']], [0.6, 4.399_999, 5]);
  assert.deepEqual(await bench.ask('DELETE', '/k'), { status: 200, body: { id: 'k', deleted: true } });
  assert.equal((await bench.ask('GET', '/k')).status, 404);
  assert.equal((await bench.ask('DELETE', '/k')).status, 404);
});

test('a budget that each has for itself shows who has spent most, or who is asked for', async (t) => {
  const bench = await startBench(t, NOBODY_SPENT);
  await bench.ask('PUT', '/each', { per: 'user', usd: 1, period: 'day' });
  const budget = makeBudget({ id: 'each' });
  for (let n = 0; n < 12; n += 1) await bench.spend(budget, `p/user-${n}`, { usd: n * 10_000_000 });
  const one = (await bench.ask('GET', '/each')).body;
  const subjects = subjectsIn(one);
  assert.equal(subjects.length, 12);
  const { burnRate, exhaustedAt, ...first } = subjects[0] ?? {};
  assert.deepEqual(first, { id: 'p/user-11', used: 0.11, reserved: 0.000_001, remaining: 0.889_999 });
  assert.ok(typeof burnRate === 'number' && burnRate > 0 && exhaustedAt === null);
  assert.equal('used' in one, false);
  assert.equal(one['resetsAt'], '2023-11-15T00:00:00.000Z');
  const [listed] = (await bench.ask('GET', '?limit=1')).body['data'] as JsonObject[];
  assert.deepEqual(
    subjectsIn(listed).map(({ id }) => id),
    subjects.slice(0, 10).map(({ id }) => id),
  );
  const asked = await bench.ask('GET', '/each?subject=p%2Fnobody');
  assert.deepEqual(asked.body['subjects'], [
    { id: 'p/nobody', used: 0, reserved: 0, remaining: 1, burnRate: 0, exhaustedAt: null },
  ]);
});

test('budgets are read page by page, by name', async (t) => {
  const bench = await startBench(t);
  for (const name of ['b', 'a', 'f', 'c']) await bench.ask('PUT', `/${name}`, { per: 'key', id: 'k', tokens: 5 });
  const first = await bench.ask('GET', '?limit=2');
  assert.deepEqual(namesIn(first), ['a', 'b']);
  await bench.ask('DELETE', '/b');
  const second = await bench.ask('GET', `?limit=2&cursor=${nextOf(first)}`);
  assert.deepEqual(namesIn(second), ['c', OF_FILE.id]);
  const third = await bench.ask('GET', `?limit=2&cursor=${nextOf(second)}`);
  assert.deepEqual([namesIn(third), third.body['next']], [['f'], null]);
});

test('a budget of the file is shown under its name and cannot be changed', async (t) => {
  const bench = await startBench(t);
  const path = `/${encodeURIComponent(OF_FILE.id)}`;
  await bench.spend(OF_FILE, '/v1/messages', { usd: 250_000_000 });
  const shown = await bench.ask('GET', path);
  assert.deepEqual([shown.status, shown.body['origin'], shown.body['used']], [200, 'file', 0.25]);
  for (const refused of [await bench.ask('PUT', path, { per: 'key', usd: 1 }), await bench.ask('DELETE', path)]) {
    assert.equal(refused.status, 400);
    assert.match(String(messageOf(refused)), /stands in the configuration file/);
  }
});

test('what cannot be a budget is refused with its field', async (t) => {
  const bench = await startBench(t);
  const cases: [body: unknown, param: string | null, message: RegExp][] = [
    [[], null, /JSON object/],
    [{ usd: 1 }, 'per', /missing/],
    [{ per: 'planet', usd: 1 }, 'per', /one of organisation, project/],
    [{ per: 'key' }, 'usd', /dollars, or tokens/],
    [{ per: 'key', usd: '1' }, 'usd', /number/],
    [{ per: 'key', usd: -1 }, 'usd', />= 0/],
    [{ per: 'key', usd: 0 }, 'usd', /budget of 0/],
    [{ per: 'key', tokens: 0 }, 'tokens', />= 1/],
    [{ per: 'key', usd: 1, limit: 2 }, 'limit', /unknown key; there are per, id/],
    [{ per: 'key', usd: 1, timeZone: 'Mars' }, 'timeZone', /no time zone/],
    [{ per: 'key', usd: 1, alertAt: [0.5, 11] }, 'alertAt[1]', /<= 10/],
    [{ per: 'key', usd: 1, degradeTo: { at: 0.5 } }, 'degradeTo.model', /missing/],
    [{ per: 'key', usd: 1, degradeTo: { model: 'dear' } }, 'degradeTo.model', /there are: cheap/],
    [{ per: 'key', usd: 1, name: 'other' }, 'name', /cannot be renamed/],
  ];
  for (const [body, param, message] of cases) {
    const answer = await bench.ask('PUT', '/x', body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(paramOf(answer), param, JSON.stringify(body));
    assert.match(String(messageOf(answer)), message);
  }
  for (const name of ['-x', 'a%20b', 'a:b', 'x'.repeat(101)]) {
    const answer = await bench.ask('PUT', `/${name}`, { per: 'key', usd: 1 });
    assert.deepEqual([answer.status, paramOf(answer)], [400, 'name'], name);
  }
  assert.equal((await bench.ask('GET', '?limit=0')).status, 400);
  assert.equal((await bench.ask('GET', '?colour=red')).status, 400);
  assert.equal((await bench.ask('GET', `/${encodeURIComponent(OF_FILE.id)}?subject=x`)).status, 400);
});

test('a forecast does without the days before where the database does not tell them', async (t) => {
  const bench = await startBench(t, {
    file: [OF_FILE],
    spentPerDay: () => Promise.reject(new GatewayError('storage_unavailable')),
  });
  bench.clock.advance(DAY_MS - (bench.clock.now() % DAY_MS) + DAY_MS / 2);
  await bench.spend(OF_FILE, '/v1/messages', { usd: 750_000_000 });
  const { body } = await bench.ask('GET', `/${encodeURIComponent(OF_FILE.id)}`);
  assert.deepEqual([body['burnRate'], body['exhaustedAt']], [1.5, '2023-11-15T16:00:00.000Z']);
});
