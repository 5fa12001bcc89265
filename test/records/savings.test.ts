import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import type { Saving } from '../../src/core/caching.ts';
import type { Journal } from '../../src/records/journal/journal.ts';
import { savingsRoutes } from '../../src/records/savings/routes.ts';
import { traceRoutes } from '../../src/records/traces/routes.ts';
import { startEdge } from '../edge/fake-edge.ts';
import { makeRecord } from '../support/make-record.ts';
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
beforeEach(() => opened.database.pool.query('truncate traces, usage_slots, usage_days, savings_slots, savings_days'));

const T0 = Date.UTC(2026, 0, 1);
const NO_TEXTS = { input: undefined, output: undefined };
const HIT = { attempts: [], usage: undefined, costNanoUsd: 0 };

/** Asks the admin API over a real socket. */
async function admin(t: Parameters<typeof startEdge>[0]) {
  const { database } = opened;
  const { url } = await startEdge(t, {
    adminRoutes: [traceRoutes({ database, writer }), savingsRoutes({ database, writer })],
  });
  return async (path: string) => {
    const response = await fetch(`${url}/admin/v1/${path}`, { headers: { authorization: 'Bearer admin-key' } });
    return { status: response.status, text: await response.text() };
  };
}

function saving(parts: Partial<Saving> = {}): Saving {
  return { mechanism: 'exact', nanoUsd: 71_000, inputTokens: 12, outputTokens: 34, ...parts };
}

/** Two hits of one project, one of another a day later, a prompt cache, and what found nothing out. */
function fill(): void {
  const hit = { ...HIT, cache: 'exact', savings: [saving()] } as const;
  const all = [
    makeRecord({ ...hit, startedAt: T0 }),
    makeRecord({ ...hit, startedAt: T0 + 1, savings: [saving({ nanoUsd: undefined })] }),
    makeRecord({ ...hit, startedAt: T0 + 86_400_000, project: 'law' }),
    makeRecord({
      startedAt: T0 + 2,
      cache: 'miss',
      savings: [
        saving({ mechanism: 'prompt-cache', nanoUsd: 1000, inputTokens: 4, outputTokens: 0 }),
        saving({ mechanism: 'semantic', nanoUsd: -500, inputTokens: 0, outputTokens: 0, onlyCost: true }),
      ],
    }),
  ];
  for (const record of all) writer.append(record, NO_TEXTS);
}

test('savings are there right after their requests, by mechanism, with what was spent', async (t) => {
  const ask = await admin(t);
  fill();
  const { status, text } = await ask('savings');
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(text), {
    data: [
      {
        mechanism: 'exact',
        requests: 3,
        saved_usd: 0.000142,
        tokens: { input: 36, output: 102 },
        unknown_requests: 1,
      },
      {
        mechanism: 'prompt-cache',
        requests: 1,
        saved_usd: 0.000001,
        tokens: { input: 4, output: 0 },
        unknown_requests: 0,
      },
      {
        mechanism: 'semantic',
        requests: 0,
        saved_usd: -0.0000005,
        tokens: { input: 0, output: 0 },
        unknown_requests: 0,
      },
    ],
    totals: {
      requests: 4,
      saved_usd: 0.0001425,
      tokens: { input: 40, output: 102 },
      unknown_requests: 1,
      spent_usd: 0.000071,
      spent_unknown_requests: 0,
      saved_share: Number((142_500 / (142_500 + 71_000)).toFixed(6)),
    },
    next: null,
  });
});

test('savings are grouped, filtered and given as CSV, with what is negative as a number', async (t) => {
  const ask = await admin(t);
  fill();
  const { text } = await ask('savings?by=project,day&mechanism=exact');
  const { data, totals } = JSON.parse(text) as { data: Record<string, unknown>[]; totals: Record<string, unknown> };
  assert.deepEqual(
    data.map((row) => [row['project'], row['day'], row['requests'], row['saved_usd']]),
    [
      ['law', '2026-01-02', 1, 0.000071],
      ['support', '2026-01-01', 2, 0.000071],
    ],
  );
  assert.equal(totals['spent_usd'], 0.000071, 'by all requests, whatever saved on them');
  const csv = await ask('savings?by=mechanism&project=support&format=csv');
  assert.deepEqual(csv.text.split('\r\n'), [
    'mechanism,requests,saved_usd,input_tokens,output_tokens,unknown_requests',
    'exact,2,0.000071,24,68,1',
    'prompt-cache,1,0.000001,4,0,0',
    'semantic,0,-0.0000005,0,0,0',
    '',
  ]);
});

test('nothing saved is no row, and no share', async (t) => {
  const ask = await admin(t);
  const { data, totals } = JSON.parse((await ask('savings?by=day')).text) as { data: unknown[]; totals: object };
  assert.deepEqual(data, []);
  assert.deepEqual(Object.values(totals), [0, 0, { input: 0, output: 0 }, 0, 0, 0, null]);
});

test('a bad query about savings says what would be right', async (t) => {
  const ask = await admin(t);
  const cases: [string, RegExp][] = [
    ['savings?mechanism=magic', /must be one of exact, coalesced, prompt-cache, semantic/],
    ['savings?by=colour', /Group by any of mechanism, model/],
    ['savings?by=hour,day', /one of hour, day, week, month at most/],
    ['savings?colour=red', /is not known here/],
    ['traces?cache=hit', /must be one of miss, exact/],
  ];
  for (const [path, message] of cases) {
    const { status, text } = await ask(path);
    assert.equal(status, 400, path);
    assert.match(text, message);
  }
});

test('traces are found by what the caches did for them', async (t) => {
  const ask = await admin(t);
  fill();
  const { data } = JSON.parse((await ask('traces?cache=exact')).text) as { data: Record<string, unknown>[] };
  assert.deepEqual(
    data.map((trace) => [trace['cache'], trace['saved_usd'], trace['project']]),
    [
      ['exact', 0.000071, 'law'],
      ['exact', null, 'support'],
      ['exact', 0.000071, 'support'],
    ],
  );
});
