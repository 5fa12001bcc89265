import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import type { Static } from 'typebox';

import type { CallRecord } from '../../src/records/journal/record.ts';
import type { Journal } from '../../src/records/journal/journal.ts';
import type { OverviewView } from '../../src/records/overview/overview-schema.ts';
import { overviewRoutes } from '../../src/records/overview/routes.ts';
import { verdictRoutes } from '../../src/records/verdicts/routes.ts';
import { startEdge } from '../edge/fake-edge.ts';
import { makeAttemptRecord, makeRecord } from '../support/make-record.ts';
import { openJournal } from '../support/open-journal.ts';
import { type TracesDatabase, openTracesDatabase } from '../support/traces-database.ts';

let opened: TracesDatabase;
let writer: Journal;
before(async () => {
  opened = await openTracesDatabase();
  writer = await openJournal({ connection: opened.database.connection });
});
after(async () => {
  await writer.close();
  await opened.close();
});
beforeEach(() =>
  opened.database.pool.query(
    'truncate traces, usage_slots, usage_days, overview_minutes, overview_slots, verdict_slots',
  ),
);

const NOW = Date.UTC(2026, 0, 9, 12, 0, 30);
const DAY_MS = 86_400_000;
const NO_TEXTS = { input: undefined, output: undefined };
const FAILED = {
  status: 'failed',
  error: { code: 'provider_overloaded', message: 'm', origin: 'provider' },
  usage: undefined,
  costNanoUsd: 0,
  attempts: [
    makeAttemptRecord({ outcome: 'failed', errorCode: 'provider_overloaded', usage: undefined, costNanoUsd: 0 }),
  ],
} as const satisfies Partial<CallRecord>;

type Overview = Static<typeof OverviewView>;

interface Verdicts {
  readonly started_at: readonly string[];
  readonly data: readonly { readonly policy?: string | null; readonly total: number }[];
}

/** Asks the admin API over a real socket. */
async function admin(t: Parameters<typeof startEdge>[0]) {
  const { database } = opened;
  const deps = { database, writer, clock: { now: () => NOW, monotonic: () => 0 } };
  const { url } = await startEdge(t, { adminRoutes: [overviewRoutes(deps), verdictRoutes(deps)] });
  const ask = (path: string) => fetch(`${url}/admin/v1/${path}`, { headers: { authorization: 'Bearer admin-key' } });
  const right = async (path: string) => {
    const response = await ask(path);
    assert.equal(response.status, 200);
    return response.json();
  };
  return {
    overview: async (query = '') => (await right(`overview${query}`)) as Overview,
    verdicts: async (query = '') => (await right(`guards/verdicts${query}`)) as Verdicts,
    refused: async (path: string) => {
      const response = await ask(path);
      return { status: response.status, body: (await response.json()) as { error: { param: string } } };
    },
  };
}

function append(...records: CallRecord[]): Promise<void> {
  for (const record of records) writer.append(record, NO_TEXTS);
  return writer.flush();
}

const many = (count: number, parts: Partial<CallRecord>) => Array.from({ length: count }, () => makeRecord(parts));

test('an overview says what happened, what there was a day earlier, and what changed', async (t) => {
  const ask = await admin(t);
  await append(
    ...many(30, { startedAt: NOW - 1000, cache: 'miss', latencyMs: 800, ttftMs: 100 }),
    ...many(10, { startedAt: NOW - 120_000, cache: 'exact', attempts: [], latencyMs: 2, costNanoUsd: 0 }),
    ...many(20, { ...FAILED, startedAt: NOW - 60_000, project: 'law', latencyMs: 3000 }),
    ...many(40, { startedAt: NOW - DAY_MS - 1000, project: 'law' }),
  );
  const body = await ask.overview(`?since=${NOW - 3_600_000}`);
  const { totals, before: earlier, series, changed, top, ...rest } = body;
  assert.deepEqual(rest, {
    since: '2026-01-09T11:00:00.000Z',
    until: '2026-01-09T12:01:00.000Z',
    kept_since: '2025-10-01T12:15:00.000Z',
    slot_seconds: 60,
  });
  assert.deepEqual(totals, {
    requests: 60,
    errors: { client: 0, policy: 0, provider: 20, gateway: 0 },
    error_rate: 0.333333,
    refusal_rate: 0,
    aborted: 0,
    latency_ms: { p50: 824.6, p95: 3025, p99: 3025 },
    ttft_ms: { p50: 103.1, p95: 103.1, p99: 103.1 },
    cost_usd: 0.00213,
    cost_unknown_requests: 0,
    saved_usd: 0,
    cache: { exact: 10, semantic: 0, coalesced: 0, miss: 30, bypass: 0 },
    hit_rate: 0.25,
    tokens: { input: 480, output: 1360 },
  });
  assert.deepEqual([earlier.requests, earlier.cost_usd, earlier.error_rate], [40, 0.00284, 0]);
  assert.deepEqual([earlier.since, earlier.until], ['2026-01-08T11:00:00.000Z', '2026-01-08T12:01:00.000Z']);
  assert.equal(series.started_at.length, 61);
  assert.deepEqual(series.requests.slice(-4), [0, 10, 20, 30]);
  assert.deepEqual(series.latency_ms.p50.slice(-4), [null, 2.089, 3025, 824.6]);
  assert.deepEqual(changed.errors, [{ code: 'provider_overloaded', count: { now: 20, before: 0 } }]);
  assert.deepEqual(changed.projects, [
    {
      name: 'law',
      most: 'cost',
      requests: { now: 20, before: 40 },
      errors: { now: 20, before: 0 },
      cost_usd: { now: 0, before: 0.00284 },
    },
    {
      name: 'support',
      most: 'cost',
      requests: { now: 40, before: 0 },
      errors: { now: 0, before: 0 },
      cost_usd: { now: 0.00213, before: 0 },
    },
  ]);
  assert.deepEqual(top.models_by_requests, [{ name: 'chat', requests: 60, errors: 20, cost_usd: 0.00213 }]);
  assert.deepEqual(top.errors, [{ code: 'provider_overloaded', count: 20 }]);
});

test('an overview of one project says nothing of others', async (t) => {
  const ask = await admin(t);
  await append(
    makeRecord({ startedAt: NOW - 1000, project: 'law', virtualModel: 'brief' }),
    makeRecord({ ...FAILED, startedAt: NOW - 1000, project: 'secret', virtualModel: 'hidden', target: 'x/hidden' }),
    makeRecord({ startedAt: NOW - DAY_MS - 1000, project: 'secret', virtualModel: 'hidden' }),
  );
  const body = await ask.overview('?project=law');
  assert.equal(body.totals.requests, 1);
  const said = JSON.stringify(body);
  for (const word of ['secret', 'hidden', 'openai/', 'provider_overloaded']) assert.ok(!said.includes(word), word);
  const none = await ask.overview('?project=law&virtual_model=hidden');
  assert.equal(none.totals.requests, 0);
});

test('where nothing happened an overview is all zeros and nothing has changed', async (t) => {
  const ask = await admin(t);
  const body = await ask.overview();
  const { totals, changed, series } = body;
  assert.equal(totals.error_rate, null);
  assert.deepEqual(totals.latency_ms, { p50: null, p95: null, p99: null });
  assert.deepEqual(changed, { models: [], projects: [], targets: [], errors: [] });
  assert.equal(series.requests.length, 97);
  await append(makeRecord({ startedAt: NOW - 1000 }));
  const begun = await ask.overview();
  assert.deepEqual(begun.changed, changed);
});

test('a week is compared with the week before, of which no day is its own', async (t) => {
  const ask = await admin(t);
  await append(
    ...many(30, { startedAt: NOW - 3 * DAY_MS, project: 'law' }),
    ...many(10, { startedAt: NOW - 10 * DAY_MS, project: 'law' }),
  );
  const { totals, before: then, changed } = await ask.overview(`?since=${NOW - 7 * DAY_MS}`);
  assert.deepEqual([totals.requests, then.requests, then.since], [30, 10, '2025-12-26T12:00:00.000Z']);
  assert.deepEqual(
    changed.projects.map(({ requests }) => requests),
    [{ now: 30, before: 10 }],
  );
});

test('nothing has changed against what is no longer kept, and times of which nothing is kept are refused', async (t) => {
  const ask = await admin(t);
  const old = NOW - 70 * DAY_MS;
  await append(...many(30, { startedAt: old }), ...many(5, { startedAt: NOW - 99 * DAY_MS, project: 'law' }));
  const body = await ask.overview(`?since=${old - DAY_MS}&until=${old + 29 * DAY_MS}`);
  assert.deepEqual([body.totals.requests, body.before.requests, body.changed.projects], [30, 5, []]);
  assert.ok(body.before.since < body.kept_since);
  const cut = await ask.overview(`?since=${NOW - 110 * DAY_MS}&until=${NOW - 90 * DAY_MS}`);
  assert.deepEqual([cut.since, cut.totals.requests], [cut.kept_since, 5]);
});

test('verdicts are told by slot, the most frequent first, with nobody as null', async (t) => {
  const ask = await admin(t);
  const passed = { guard: 'pii', place: 'input', outcome: 'passed', micros: 3 } as const;
  const blocked = { guard: 'injection', place: 'input', outcome: 'blocked', micros: 3 } as const;
  await append(
    makeRecord({ startedAt: NOW - 1000, verdicts: [passed, blocked], guardPolicies: ['strict'] }),
    makeRecord({ startedAt: NOW - 3_600_000, verdicts: [passed], guardPolicies: ['a', 'b'] }),
  );
  const body = await ask.verdicts(`?by=guard,verdict&since=${NOW - 2 * 3_600_000}`);
  const { started_at: starts, data, ...rest } = body;
  assert.deepEqual(rest, {
    since: '2026-01-09T10:00:00.000Z',
    until: '2026-01-09T12:15:00.000Z',
    kept_since: '2024-12-05T12:15:00.000Z',
    slot_seconds: 900,
    totals: { verdicts: 3 },
    next: null,
  });
  assert.equal(starts.at(-1), '2026-01-09T12:00:00.000Z');
  assert.deepEqual(data, [
    { guard: 'pii', verdict: 'passed', total: 2, counts: [0, 0, 0, 0, 1, 0, 0, 0, 1] },
    { guard: 'injection', verdict: 'blocked', total: 1, counts: [0, 0, 0, 0, 0, 0, 0, 0, 1] },
  ]);
  const byPolicy = await ask.verdicts('?by=policy');
  assert.deepEqual(
    byPolicy.data.map((one) => [one.policy, one.total]),
    [
      ['strict', 2],
      [null, 1],
    ],
  );
});

test('what is not right is refused with what would be', async (t) => {
  const ask = await admin(t);
  for (const [path, param] of [
    ['overview?days=3', 'days'],
    ['overview?since=yesterday', 'since'],
    [`overview?since=${NOW + 1}`, 'since'],
    [`overview?since=${NOW - 120 * DAY_MS}&until=${NOW - 101 * DAY_MS}`, 'since'],
    [`guards/verdicts?since=${NOW - 420 * DAY_MS}&until=${NOW - 401 * DAY_MS}`, 'since'],
    ['overview?since=2025-01-01T00:00:00Z', 'since'],
    ['guards/verdicts?by=key', 'by'],
    ['guards/verdicts?verdict=evil', 'verdict'],
    ['guards/verdicts?since=2025-01-01T00:00:00Z', 'since'],
    [`guards/verdicts?since=${NOW + 1}`, 'since'],
  ] as const) {
    const { status, body } = await ask.refused(path);
    assert.equal(status, 400, path);
    assert.equal(body.error.param, param);
  }
});
