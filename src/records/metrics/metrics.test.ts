import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { anyRecord, anyText, makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { type Exposed, parseExposition } from '../../../test/support/parse-exposition.ts';
import type { RecordStats } from '../journal/journal-stats.ts';
import { registerExportMetrics } from '../otel/export-metrics.ts';
import { BoundedSeries, OTHER } from './bounded-series.ts';
import { registerCacheReadings } from './cache-metrics.ts';
import { registerReviewMetrics } from './guard-metrics.ts';
import { registerWorkerMetrics } from './worker-metrics.ts';
import { registerRolloutMetrics } from './rollout-metrics.ts';
import { ShadowMetrics } from './shadow-metrics.ts';
import { createMetrics } from './metrics.ts';
import { Registry } from './registry.ts';

const NO_STATS: RecordStats = {
  queuedRecords: 0,
  queuedBytes: 0,
  droppedTexts: 0,
  droppedRecords: 0,
  written: 0,
  oldestAgeMs: 0,
  fill: 0,
  journalBytes: 0,
  segments: 0,
  unsyncedRecords: 0,
  damagedBytes: 0,
  writeErrors: 0,
  retriedBatches: 0,
  drainRestarts: 0,
};

function metricsOf(stats = NO_STATS) {
  const { registry, calls } = createMetrics({
    version: '1.2.3',
    recordStats: () => stats,
    pressures: () => [],
    resilience: { targets: () => [], providerKeys: () => [], withheldAttempts: () => [] },
    quotas: { outstanding: () => 0, exact: () => true },
    databaseUp: () => true,
  });
  return { registry, calls, read: () => parseExposition(registry.expose()) };
}

function valueOf(exposed: Exposed, name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).toSorted(byName));
  return exposed.samples.find(
    (sample) => sample.name === name && JSON.stringify(Object.entries(sample.labels).toSorted(byName)) === wanted,
  )?.value;
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

test('a completed call counts in every metric that it belongs to', () => {
  const { calls, read } = metricsOf();
  calls.inFlight(1);
  calls.observeCall(makeRecord({ ttftMs: 120, latencyMs: 900, overheadMs: 0.07 }));
  const exposed = read();
  const model = 'chat';
  const expected: [string, Record<string, string>, number][] = [
    ['llm_requests_total', { model, status: 'completed' }, 1],
    ['llm_requests_total', { model, status: 'failed' }, 0],
    ['llm_request_latency_seconds_bucket', { model, le: '0.5' }, 0],
    ['llm_request_latency_seconds_bucket', { model, le: '1' }, 1],
    ['llm_request_latency_seconds_sum', { model }, 0.9],
    ['llm_ttft_seconds_bucket', { model, le: '0.2' }, 1],
    ['llm_tokens_total', { model, type: 'input' }, 12],
    ['llm_tokens_total', { model, type: 'output' }, 34],
    ['llm_tokens_total', { model, type: 'cache_read' }, 4],
    ['llm_cost_dollars_total', { model }, 0.000071],
    ['llm_cost_unknown_requests_total', { model }, 0],
    ['llm_overhead_seconds_bucket', { le: '0.00005' }, 0],
    ['llm_overhead_seconds_bucket', { le: '0.0001' }, 1],
    ['llm_upstream_attempts_total', { target: 'openai/gpt-5-mini', outcome: 'completed' }, 1],
    ['llm_requests_in_flight', {}, 1],
  ];
  for (const [name, labels, value] of expected) assert.equal(valueOf(exposed, name, labels), value, name);
});

test('a refusal counts as one request of no model, in no latency', () => {
  const { calls, read } = metricsOf();
  const error = { code: 'auth_invalid_key', message: 'no', origin: 'client' } as const;
  calls.observeCall(
    makeRecord({
      status: 'failed',
      requestModel: 'made-up',
      virtualModel: undefined,
      target: undefined,
      attempts: [],
      error,
    }),
  );
  const exposed = read();
  assert.equal(valueOf(exposed, 'llm_requests_total', { model: 'unknown', status: 'failed' }), 1);
  assert.equal(valueOf(exposed, 'llm_request_latency_seconds_count', { model: 'unknown' }), 0);
  assert.equal(valueOf(exposed, 'llm_errors_total', { code: 'auth_invalid_key', origin: 'client' }), 1);
});

test('a hit counts as served, without tokens or dollars, and by what the cache did', () => {
  const { calls, read } = metricsOf();
  const hit = { attempts: [], usage: undefined, costNanoUsd: 0, latencyMs: 0.4, ttftMs: 0.2, overheadMs: 0.4 };
  const saved = { nanoUsd: 71_000, inputTokens: 12, outputTokens: 34 };
  calls.observeCall(makeRecord({ ...hit, cache: 'exact', savings: [{ mechanism: 'exact', ...saved }] }));
  calls.observeCall(
    makeRecord({
      cache: 'miss',
      savings: [
        { mechanism: 'prompt-cache', nanoUsd: undefined, inputTokens: 4, outputTokens: 0 },
        { mechanism: 'semantic', nanoUsd: -2000, inputTokens: 0, outputTokens: 0 },
      ],
    }),
  );
  calls.observeCall(makeRecord());
  const exposed = read();
  const model = 'chat';
  const expected: [string, Record<string, string>, number | undefined][] = [
    ['llm_requests_total', { model, status: 'completed' }, 3],
    ['llm_request_latency_seconds_count', { model }, 3],
    ['llm_ttft_seconds_count', { model }, 1],
    ['llm_tokens_total', { model, type: 'output' }, 68],
    ['llm_cost_dollars_total', { model }, 0.000142],
    ['llm_cost_unknown_requests_total', { model }, 0],
    ['causeway_cache_requests_total', { model, state: 'exact' }, 1],
    ['causeway_cache_requests_total', { model, state: 'miss' }, 1],
    ['causeway_cache_requests_total', { model, state: 'bypass' }, undefined],
    ['causeway_saved_usd_total', { mechanism: 'exact' }, 0.000071],
    ['causeway_saved_usd_total', { mechanism: 'prompt-cache' }, 0],
    ['causeway_saved_usd_total', { mechanism: 'semantic' }, 0],
    ['causeway_savings_cost_usd_total', { mechanism: 'semantic' }, 0.000002],
  ];
  for (const [name, labels, value] of expected) assert.equal(valueOf(exposed, name, labels), value, name);
});

test('what the cache keeps is told', () => {
  const registry = new Registry();
  registerCacheReadings(registry, () => ({ bytes: 5, maxBytes: 10, entries: 2, evictions: 7 }));
  const exposed = parseExposition(registry.expose());
  const values = ['bytes', 'max_bytes', 'entries', 'evictions_total'].map((name) =>
    valueOf(exposed, `causeway_cache_${name}`),
  );
  assert.deepEqual(values, [5, 10, 2, 7]);
});

test('attempts count by why each was made', () => {
  const { calls, read } = metricsOf();
  const { kind: _kind, ...before } = makeAttemptRecord();
  const attempts = [
    makeAttemptRecord({ kind: 'first', outcome: 'failed' }),
    makeAttemptRecord({ kind: 'hedge', outcome: 'aborted' }),
    makeAttemptRecord({ kind: 'fallback', outcome: 'completed' }),
    before,
  ];
  calls.observeCall(makeRecord({ attempts }));
  const exposed = read();
  const count = (kind: string, outcome: string) => valueOf(exposed, 'llm_attempts_total', { kind, outcome });
  assert.deepEqual([count('first', 'failed'), count('hedge', 'aborted'), count('fallback', 'completed')], [1, 1, 1]);
  assert.equal(count('first', before.outcome), 1, 'a record from before kinds were kept');
  assert.equal(count('retry', 'completed'), 0);
});

test('what stands between requests and targets is told', () => {
  const { registry } = createMetrics({
    version: '1',
    recordStats: () => NO_STATS,
    pressures: () => [],
    quotas: { outstanding: () => 0, exact: () => true },
    databaseUp: () => true,
    resilience: {
      targets: () => [
        { target: 'a/m', breaker: 'closed', openings: 3, inFlight: 2, waiting: 0 },
        { target: 'a/m', breaker: 'open', openings: 1, inFlight: 0, waiting: 7 },
      ],
      providerKeys: () => [{ provider: 'a', state: 'refused', keys: 2 }],
      withheldAttempts: () => [[5, 'chat']],
    },
  });
  const exposed = parseExposition(registry.expose());
  const target = { target: 'a/m' };
  assert.equal(valueOf(exposed, 'llm_target_breaker_state', target), 2, 'the worst of two sets of rules');
  assert.equal(valueOf(exposed, 'llm_target_breaker_openings_total', target), 4);
  assert.equal(valueOf(exposed, 'llm_target_in_flight', target), 2);
  assert.equal(valueOf(exposed, 'llm_target_waiting', target), 7);
  assert.equal(valueOf(exposed, 'causeway_provider_keys', { provider: 'a', state: 'refused' }), 2);
  assert.equal(valueOf(exposed, 'llm_retry_budget_exhausted_total', { model: 'chat' }), 5);
});

test('promise 6: an unknown cost is counted as unknown', () => {
  const { calls, read } = metricsOf();
  calls.observeCall(makeRecord({ costNanoUsd: 0, costKnown: false }));
  assert.equal(valueOf(read(), 'llm_cost_unknown_requests_total', { model: 'chat' }), 1);
});

test('promise 11: names that clients choose end in `other`, and are counted', () => {
  const { calls, read } = metricsOf();
  for (let n = 0; n < 1200; n += 1) {
    const target = `lab/model-${n}`;
    calls.observeCall(
      makeRecord({ virtualModel: undefined, requestModel: target, target, attempts: [makeAttemptRecord({ target })] }),
    );
  }
  const exposed = read();
  assert.equal(valueOf(exposed, 'llm_requests_total', { model: OTHER, status: 'completed' }), 200);
  assert.equal(valueOf(exposed, 'llm_upstream_attempts_total', { target: OTHER, outcome: 'completed' }), 200);
  assert.equal(valueOf(exposed, 'causeway_metrics_overflow_total', { label: 'model' }), 200);
  const sum = exposed.samples
    .filter(({ name }) => name === 'llm_requests_total')
    .reduce((all, { value }) => all + value, 0);
  assert.equal(sum, 1200);
  const long = new BoundedSeries(
    (name) => name,
    () => assert.fail(),
    2,
  );
  assert.equal(long.of('x'.repeat(1e6)), 'x'.repeat(128));
  assert.equal(long.of('x'.repeat(2e6)), 'x'.repeat(128));
});

test('any record gives an exposition that can be read, and tells any name as it was', () => {
  fc.assert(
    fc.property(anyRecord, anyText, (record, name) => {
      const { calls, read } = metricsOf();
      calls.observeCall({ ...record, virtualModel: name });
      const first = read().samples.find((sample) => sample.name === 'llm_requests_total');
      assert.equal(first?.labels['model'], name.slice(0, 128).toWellFormed());
    }),
    { numRuns: 50 },
  );
});

test('a histogram is cumulative and ends in its count', () => {
  const registry = new Registry();
  const series = registry.histogram({ name: 'h', help: 'a "b"\\\n', labels: [] }, [1, 2]).with();
  for (const value of [0.5, 1, 1.5, 99]) series.observe(value);
  assert.equal(
    registry.expose(),
    '# HELP h a "b"\\\\\\n\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="2"} 3\nh_bucket{le="+Inf"} 4\nh_sum 102\nh_count 4\n',
  );
  assert.throws(() => registry.counter({ name: 'h', help: '', labels: [] }), RangeError);
});

test('what waits and what was lost is told', () => {
  const known = { queuedRecords: 1, queuedBytes: 2, droppedTexts: 3, droppedRecords: 4, written: 5, oldestAgeMs: 6000 };
  const stats = { ...NO_STATS, ...known };
  const exposed = metricsOf(stats).read();
  assert.equal(valueOf(exposed, 'causeway_records_queued'), 1);
  assert.equal(valueOf(exposed, 'causeway_records_queued_bytes'), 2);
  assert.equal(valueOf(exposed, 'causeway_records_dropped_total', { what: 'texts' }), 3);
  assert.equal(valueOf(exposed, 'causeway_records_dropped_total', { what: 'records' }), 4);
  assert.equal(valueOf(exposed, 'causeway_records_written_total'), 5);
  assert.equal(valueOf(exposed, 'causeway_records_oldest_age_seconds'), 6);
});

test('the process tells its own figures', () => {
  const exposed = metricsOf().read();
  assert.equal(valueOf(exposed, 'causeway_build_info', { version: '1.2.3', node: process.version }), 1);
  const startedAt = valueOf(exposed, 'process_start_time_seconds') ?? 0;
  assert.ok(Math.abs(Date.now() / 1000 - process.uptime() - startedAt) < 1);
  assert.ok((valueOf(exposed, 'process_cpu_seconds_total') ?? 0) > 0);
  assert.ok((valueOf(exposed, 'process_resident_memory_bytes') ?? 0) > 1e7);
  assert.ok((valueOf(exposed, 'nodejs_eventloop_lag_p99_seconds') ?? -1) >= 0);
});

const PROMTOOL = 'promtool';

test('promtool finds nothing to say', (context) => {
  const { registry, calls } = metricsOf();
  calls.observeCall(makeRecord());
  const { error, status, stdout, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], {
    input: registry.expose(),
    encoding: 'utf8',
  });
  if (error) {
    context.skip('promtool is not installed (Debian: prometheus)');
    return;
  }
  assert.equal(status, 0, stdout + stderr);
});

const none = () => assert.fail();

const PAGE = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

test('docs/metrics.md lists every metric as it is, and no other', () => {
  const { registry } = metricsOf();
  // Those that are there only with a part that the configuration asks for.
  registerExportMetrics(registry, () => assert.fail());
  registerCacheReadings(registry, () => assert.fail());
  registerReviewMetrics(registry, () => assert.fail());
  registerWorkerMetrics(registry, { ready: none, restarted: none });
  void new ShadowMetrics(registry, () => assert.fail());
  registerRolloutMetrics(registry, {
    shares: none,
    requests: none,
    errors: none,
    canaries: none,
    verdicts: none,
    problems: none,
    judged: none,
  });
  const lines = registry
    .describe()
    .map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} |${labels.map((label) => ` \`${label}\``).join(',')} | ${help} |`,
    );
  const documented = PAGE.split('\n').filter((line) => /^\| `\w+` \| (?:counter|gauge|histogram) \|/.test(line));
  assert.deepEqual(documented.toSorted(compare), lines.toSorted(compare));
});

test('docs/metrics.md maps other names to metrics and labels that there are', () => {
  const { registry } = metricsOf();
  const known = new Set(registry.describe().flatMap(({ name, labels }) => [name, ...labels]));
  const [, mapping = ''] = PAGE.split('## Names from elsewhere');
  const ours = [...mapping.matchAll(/^\|.+\| (.+) \|$/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)/g)]);
  assert.ok(ours.length > 25);
  for (const [, name = ''] of ours) assert.ok(known.has(name.replace(/_(?:sum|count|bucket)$/, '')), name);
});

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
