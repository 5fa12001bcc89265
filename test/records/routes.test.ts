import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import type { Journal } from '../../src/records/journal/journal.ts';
import { createMetrics } from '../../src/records/metrics/metrics.ts';
import { metricsRoutes } from '../../src/records/metrics/routes.ts';
import { traceRoutes } from '../../src/records/traces/routes.ts';
import { startEdge } from '../edge/fake-edge.ts';
import { makeAttemptRecord, makeRecord } from '../support/make-record.ts';
import { openJournal } from '../support/open-journal.ts';
import { parseExposition } from '../support/parse-exposition.ts';
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
beforeEach(() => opened.database.pool.query('truncate traces, usage_slots, usage_days'));

const NO_TEXTS = { input: undefined, output: undefined };
const T0 = Date.UTC(2026, 0, 1);

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly error?: { message: string; param?: string } };
}

/** Asks the admin API over a real socket. */
async function admin(t: Parameters<typeof startEdge>[0], database = opened.database) {
  const { url } = await startEdge(t, { adminRoutes: [traceRoutes({ database, writer })] });
  return async (path: string, key = 'admin-key'): Promise<Answer> => {
    const response = await fetch(`${url}/admin/v1/${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
}

/** The same, as text. */
async function adminText(t: Parameters<typeof startEdge>[0], path: string, headers: Record<string, string> = {}) {
  const { url } = await startEdge(t, { adminRoutes: [traceRoutes({ database: opened.database, writer })] });
  const response = await fetch(`${url}/admin/v1/${path}`, {
    headers: { authorization: 'Bearer admin-key', ...headers },
  });
  return { type: response.headers.get('content-type'), text: await response.text() };
}

test('a trace can be read right after its request, in the shape of the contract', async (t) => {
  const ask = await admin(t);
  const record = makeRecord({
    status: 'failed',
    ttftMs: 100.00000001,
    overheadMs: 0.7499999999,
    metadata: { team: 'a' },
    warnings: ['careful'],
    error: { code: 'provider_error', message: 'Broke at https://me:hunter2@host', origin: 'provider' },
    interTokenP95Ms: 12.5,
    cache: 'miss',
    savings: [
      { mechanism: 'prompt-cache', nanoUsd: 3000, inputTokens: 4, outputTokens: 0 },
      { mechanism: 'semantic', nanoUsd: -5000, inputTokens: 0, outputTokens: 0 },
    ],
    traceContext: { traceId: 'c'.repeat(32), parentId: 'd'.repeat(16), sampled: true },
    attempts: [
      makeAttemptRecord({ outcome: 'failed', httpStatus: undefined, usage: undefined, costNanoUsd: undefined }),
      makeAttemptRecord({ retryOf: 0, latencyMs: 420.50000004, startMs: 30.00000001 }),
    ],
    spans: [{ kind: 'queue', name: 'a/x', startMs: 2, durationMs: 27.5, status: 'ok', detail: { position: 3 } }],
  });
  writer.append(record, { input: Buffer.from('{"model":"chat"}'), output: Buffer.from('<html>') });
  const { status, body } = await ask(`traces/${record.traceId}`);
  assert.equal(status, 200);
  const { attempts, spans, ...rest } = body;
  assert.deepEqual(
    (spans as Record<string, unknown>[]).map(({ detail: _detail, ...span }) => Object.values(span)),
    [
      ['attempt', 'openai/gpt-5-mini', null, 420.5, 'failed'],
      ['queue', 'a/x', 2, 27.5, 'ok'],
      ['attempt', 'openai/gpt-5-mini', 30, 420.5, 'ok'],
    ],
  );
  assert.deepEqual(rest, {
    trace_id: record.traceId,
    status: 'failed',
    organisation: 'acme',
    project: 'support',
    key_id: 'key_1',
    user_id: 'ada',
    conversation_id: null,
    w3c_trace_id: 'c'.repeat(32),
    parent_span_id: 'd'.repeat(16),
    endpoint: '/v1/chat/completions',
    dialect: 'openai',
    operation: 'chat',
    model: 'chat',
    virtual_model: 'chat',
    response_model: 'gpt-5-mini-2026-08-07',
    target: 'openai/gpt-5-mini',
    prompt_version: null,
    arm: null,
    routing: null,
    tokens: { input: 12, output: 34, cached: 4, cache_write: null, reasoning: null },
    cost_usd: 0.000071,
    cost_known: true,
    latency_ms: 421.25,
    ttft_ms: 100,
    inter_token_p95_ms: 12.5,
    overhead_ms: 0.75,
    streamed: false,
    finish_reason: 'stop',
    cache: 'miss',
    saved_usd: -0.000002,
    savings: [
      { mechanism: 'prompt-cache', saved_usd: 0.000003, tokens: { input: 4, output: 0 } },
      { mechanism: 'semantic', saved_usd: -0.000005, tokens: { input: 0, output: 0 } },
    ],
    patches: [],
    verdicts: [],
    warnings: ['careful'],
    error: { code: 'provider_error', message: 'Broke at https://[redacted]@host', origin: 'provider' },
    feedback: [],
    metadata: { team: 'a' },
    started_at: '2026-01-02T03:04:05.678Z',
    input: { model: 'chat' },
    output: '<html>',
  });
  const [first, second] = attempts as Record<string, unknown>[];
  assert.deepEqual([first?.['http_status'], first?.['tokens'], first?.['cost_usd']], [null, null, null]);
  assert.deepEqual(
    [
      second?.['retry_of'],
      second?.['http_status'],
      second?.['latency_ms'],
      second?.['cost_usd'],
      second?.['usage_source'],
    ],
    [0, 200, 420.5, 0.000071, 'reported'],
  );
});

test('promise 6: a cost that is not known is null, not 0', async (t) => {
  const ask = await admin(t);
  const record = makeRecord({ costNanoUsd: 0, costKnown: false, usage: undefined });
  writer.append(record, NO_TEXTS);
  const { body } = await ask(`traces/${record.traceId}`);
  assert.deepEqual([body['cost_usd'], body['cost_known']], [null, false]);
});

test('a listing is read page by page, without texts', async (t) => {
  const ask = await admin(t);
  for (let n = 0; n < 5; n += 1)
    writer.append(makeRecord({ startedAt: T0 + n }), { input: Buffer.from('1'), output: undefined });
  writer.append(makeRecord({ requestModel: 'else' }), NO_TEXTS);
  const seen: unknown[] = [];
  let next: string | null = null;
  do {
    const { body }: Answer = await ask(`traces?model=chat&limit=2${next === null ? '' : `&cursor=${next}`}`);
    const data = body['data'] as Record<string, unknown>[];
    for (const trace of data) assert.ok(!('input' in trace) && !('output' in trace));
    seen.push(...data.map((trace) => trace['started_at']));
    next = body['next'] as string | null;
  } while (next !== null);
  assert.deepEqual(
    seen,
    [4, 3, 2, 1, 0].map((n) => new Date(T0 + n).toISOString()),
  );
});

test('usage is grouped as asked', async (t) => {
  const ask = await admin(t);
  writer.append(makeRecord({ startedAt: T0 }), NO_TEXTS);
  writer.append(makeRecord({ startedAt: T0, userId: undefined, costKnown: false, costNanoUsd: 0 }), NO_TEXTS);
  const { body } = await ask(`usage?by=model,user&since=2026-01-01T01:00:00%2B01:00&until=${T0 + 1}`);
  const tokens = { input: 12, output: 34, cached: 4, cache_write: null, reasoning: null };
  assert.deepEqual(body, {
    data: [
      {
        model: 'chat',
        user: 'ada',
        requests: 1,
        tokens,
        cost_usd: 0.000071,
        cost_assumed_usd: 0,
        cost_unknown_requests: 0,
      },
      { model: 'chat', user: null, requests: 1, tokens, cost_usd: 0, cost_assumed_usd: 0, cost_unknown_requests: 1 },
    ],
    next: null,
  });
  const { body: total } = await ask('usage');
  assert.equal((total['data'] as Record<string, unknown>[])[0]?.['requests'], 2);
  const { body: none } = await ask('usage?by=day,key,target,project,endpoint,status&since=2027-01-01');
  assert.deepEqual(none['data'], []);
});

test('usage is filtered, and cut where the clocks of a time zone cut it', async (t) => {
  const ask = await admin(t);
  const midnight = Date.UTC(2026, 10, 20, 16);
  for (const startedAt of [midnight - 1, midnight, midnight + 86_399_999, midnight + 86_400_000]) {
    writer.append(makeRecord({ startedAt }), NO_TEXTS);
    writer.append(makeRecord({ startedAt, project: 'other', organisation: undefined }), NO_TEXTS);
  }
  const { body } = await ask(
    'usage?by=day,organisation&project=support&since=2026-11-21&until=2026-11-22&timeZone=Asia/Shanghai',
  );
  const rows = body['data'] as Record<string, unknown>[];
  assert.deepEqual(
    rows.map(({ day, organisation, requests }) => [day, organisation, requests]),
    [['2026-11-21', 'acme', 2]],
  );
});

test('too many parts of time are refused, and so are more groups than JSON holds; CSV has them all, page by page', async (t) => {
  const ask = await admin(t);
  const names = Array.from({ length: 10_001 }, (_, at) => `user-${String(at).padStart(5, '0')}`);
  for (const userId of names) writer.append(makeRecord({ userId, startedAt: T0 }), NO_TEXTS);
  await writer.flush(60_000);
  const { status, body } = await ask('usage?by=user');
  assert.equal(status, 400);
  assert.match(body.error?.message ?? '', /over 10000 groups.*CSV/);
  const csv = await adminText(t, 'usage?by=user&format=csv');
  assert.equal(csv.type, 'text/csv; charset=utf-8; header=present');
  const [header, ...lines] = csv.text.split('\r\n').slice(0, -1);
  assert.match(header ?? '', /^user,requests,input_tokens/);
  assert.deepEqual(
    lines.map((line) => line.split(',')[0]),
    names,
  );
  const accepted = await adminText(t, 'usage?by=project', { accept: 'text/csv' });
  assert.match(accepted.text, /^project,.*\r\nsupport,10001,/);
  writer.append(makeRecord({ startedAt: 0 }), NO_TEXTS);
  const ages = await ask('usage?by=hour');
  assert.equal(ages.status, 400);
  assert.match(ages.body.error?.message ?? '', /over 5000 times of one hour/);
});

const BAD: readonly (readonly [path: string, says: RegExp])[] = [
  ['traces?limit=0', /`limit` \(query\) must be a whole number from 1 to 500/],
  ['traces?limit=1e2', /`limit`/],
  ['traces?limit=501', /`limit`/],
  ['traces?status=ok', /`status` \(query\) must be one of completed, failed, aborted/],
  ['traces?since=yesterday', /`since` \(query\) must be a time such as 2026-11-21T08:00:00Z/],
  ['traces?since=2026-01-01T00:00:00', /`since`/],
  ['traces?since=2026-13-01', /`since`/],
  ['traces?until=999999999999999', /`until`/],
  ['traces?since=2026-01-02&until=2026-01-01', /`until` \(query\) must be after `since`/],
  ['traces?cursor=abc', /`cursor` \(query\) must be the `next` of an earlier page/],
  ['traces?modle=x', /`modle` \(query\) is not known here\. There are model, user/],
  ['traces?model=a&model=b', /`model` \(query\) is given more than once/],
  ['traces?streamed=yes', /`streamed` \(query\) must be true or false/],
  ['traces?min_cost_usd=-1', /`min_cost_usd` \(query\) must be a number such as 250 or 0\.05/],
  ['traces?min_tokens=5&max_tokens=4', /`max_tokens` \(query\) must not be below `min_tokens`/],
  ['traces?metadata.=x', /`metadata\.` \(query\) is not known here.*metadata\.<name>/],
  ['traces?q=%20', /`q` \(query\) is empty/],
  ['traces?q=%E9%80%80&since=2026-01-01&until=2026-01-03', /`q` \(query\) is too short.*two Chinese.*one day/],
  ['traces/export?limit=5', /`limit` \(query\) is not known here/],
  ['traces/export?bodies=1', /`bodies` \(query\) must be true or false/],
  ['usage?by=day,hour', /`by` \(query\) takes one of hour, day, week, month at most/],
  ['usage?timeZone=%2B08:00', /`timeZone` \(query\) must be the IANA name/],
  ['usage?timeZone=Mars/Base', /`timeZone`/],
  ['usage?format=xlsx', /`format` \(query\) must be json or csv/],
  ['usage?user=a&user=b', /`user` \(query\) is given more than once/],
  ['usage?by=colour', /`by` \(query\) knows no "colour"\. Group by any of model, user/],
];

test('a bad query says what would be right', async (t) => {
  const ask = await admin(t);
  for (const [path, says] of BAD) {
    const { status, body } = await ask(path);
    assert.equal(status, 400, path);
    assert.match(body.error?.message ?? '', says, path);
  }
});

test('what is not there is a 404, whatever its name', async (t) => {
  const ask = await admin(t);
  for (const id of ['0192f0c1d2e37000800000000000abcd', '%00', "x'%20or%20true", '%F0%9F%98%80']) {
    const { status } = await ask(`traces/${id}`);
    assert.equal(status, 404, id);
  }
  assert.deepEqual((await ask('traces?model=%00')).body['data'], []);
  assert.equal((await ask('traces', 'wrong')).status, 401);
});

test('promise 7: with the database away the admin API says so', async (t) => {
  const gone = await openTracesDatabase();
  await gone.close();
  const ask = await admin(t, gone.database);
  for (const path of ['traces', `traces/${makeRecord().traceId}`, 'traces/export', 'usage?by=model']) {
    const { status, body } = await ask(path);
    assert.equal(status, 503, path);
    assert.match(body.error?.message ?? '', /database does not answer/);
  }
});

test('GET /metrics answers everybody in the text format', async (t) => {
  const { registry } = createMetrics({
    version: '1',
    recordStats: () => writer.stats(),
    pressures: () => [],
    resilience: { targets: () => [], providerKeys: () => [], withheldAttempts: () => [] },
    quotas: { outstanding: () => 0, exact: () => true },
    databaseUp: () => true,
  });
  const { url } = await startEdge(t, { publicRoutes: [metricsRoutes({ registry })] });
  const response = await fetch(`${url}/metrics`);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.ok(parseExposition(await response.text()).samples.length > 20);
});
