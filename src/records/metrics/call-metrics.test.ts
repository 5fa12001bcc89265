import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { parseExposition } from '../../../test/support/parse-exposition.ts';
import type { CallRecord } from '../journal/record.ts';
import { BudgetMetrics } from './budget-metrics.ts';
import { CallMetrics } from './call-metrics.ts';
import { registerDatabaseMetrics } from './database-metrics.ts';
import { Registry } from './registry.ts';

const DAY = 86_400_000;

function setUp() {
  const registry = new Registry();
  const clock = new FakeClock();
  const calls = new CallMetrics(registry, { clock, providers: () => new Map([['main', { system: 'gemini' }]]) });
  return {
    registry,
    clock,
    observe: (parts: Partial<CallRecord>) => calls.observeCall(makeRecord(parts)),
    valueOf: (name: string, labels: Readonly<Record<string, string>>) => valueIn(registry, name, labels),
    lines: (name: string) =>
      registry
        .expose()
        .split('\n')
        .filter((line) => line.startsWith(name)),
  };
}

function valueIn(registry: Registry, name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const { samples } = parseExposition(registry.expose());
  const wanted = Object.entries(labels);
  return samples.find(
    (one) =>
      one.name === name &&
      Object.keys(one.labels).length === wanted.length &&
      wanted.every(([label, value]) => one.labels[label] === value),
  )?.value;
}

test('a wait in the queue counts for its target and as a span, and other work as a span', () => {
  const { observe, valueOf } = setUp();
  const span = { name: 'a/m', startMs: 1, status: 'ok', detail: undefined } as const;
  observe({
    spans: [
      { ...span, kind: 'queue', durationMs: 700 },
      { ...span, kind: 'token-count', name: 'count', durationMs: 2 },
    ],
  });
  assert.equal(valueOf('llm_queue_wait_seconds_count', { target: 'a/m' }), 1);
  assert.equal(valueOf('llm_queue_wait_seconds_sum', { target: 'a/m' }), 0.7);
  assert.equal(valueOf('llm_queue_wait_seconds_bucket', { target: 'a/m', le: '0.5' }), 0);
  assert.equal(valueOf('llm_queue_wait_seconds_bucket', { target: 'a/m', le: '1' }), 1);
  assert.equal(valueOf('causeway_span_seconds_count', { kind: 'queue' }), 1);
  assert.equal(valueOf('causeway_span_seconds_sum', { kind: 'token-count' }), 0.002);
});

test('pauses inside of an answer count once for each answer that has them', () => {
  const { observe, valueOf } = setUp();
  observe({ streamed: true, interTokenP95Ms: 40 });
  observe({});
  assert.equal(valueOf('llm_inter_token_p95_seconds_count', { model: 'chat' }), 1);
  assert.equal(valueOf('llm_inter_token_p95_seconds_sum', { model: 'chat' }), 0.04);
});

test('conversations of the last five minutes are counted, each once', () => {
  const { observe, valueOf, clock } = setUp();
  for (const conversationId of ['one', 'two', 'one', undefined]) observe({ conversationId });
  assert.equal(valueOf('causeway_conversations_active', {}), 2);
  clock.advance(4 * 60_000);
  observe({ conversationId: 'two' });
  clock.advance(2 * 60_000);
  assert.equal(valueOf('causeway_conversations_active', {}), 1);
});

test('the metrics of OpenTelemetry: attempts as a client of providers, requests as a server', () => {
  const { observe, valueOf } = setUp();
  const attempts = [
    makeAttemptRecord({
      target: 'main/m-1',
      outcome: 'failed',
      errorCode: 'provider_error',
      usage: undefined,
      latencyMs: 30,
    }),
    makeAttemptRecord({ target: 'main/m-1', latencyMs: 500, usage: { inputTokens: 12, outputTokens: 11 } }),
  ];
  const usage = { inputTokens: 12, outputTokens: 11 };
  observe({ streamed: true, ttftMs: 100, latencyMs: 600, target: 'main/m-1', usage, attempts });
  const client = { gen_ai_operation_name: 'chat', gen_ai_provider_name: 'gcp.gemini', gen_ai_request_model: 'm-1' };
  const server = { ...client, gen_ai_request_model: 'chat' };
  assert.equal(valueOf('gen_ai_client_operation_duration_sum', client), 0.5);
  assert.equal(valueOf('gen_ai_client_operation_duration_sum', { ...client, error_type: 'provider_error' }), 0.03);
  assert.equal(valueOf('gen_ai_client_token_usage_sum', { ...client, gen_ai_token_type: 'output' }), 11);
  assert.equal(valueOf('gen_ai_server_request_duration_sum', server), 0.6);
  assert.equal(valueOf('gen_ai_server_time_to_first_token_sum', server), 0.1);
  assert.equal(valueOf('gen_ai_server_time_per_output_token_sum', server), 0.05);
});

test('a refusal is a request of ours alone, and what was never observed has no series', () => {
  const { observe, valueOf, lines } = setUp();
  const error = { code: 'auth_invalid_key', message: '', origin: 'client' } as const;
  observe({ status: 'failed', virtualModel: undefined, target: undefined, attempts: [], usage: undefined, error });
  const names = { gen_ai_operation_name: 'chat', gen_ai_provider_name: 'causeway', gen_ai_request_model: 'unknown' };
  assert.equal(valueOf('gen_ai_server_request_duration_count', { ...names, error_type: 'auth_invalid_key' }), 1);
  assert.deepEqual(lines('gen_ai_client'), []);
  assert.deepEqual(lines('gen_ai_server_time'), []);
});

test('promise 11: the metrics of OpenTelemetry have as few names as ours', () => {
  const { observe, lines } = setUp();
  for (let n = 0; n < 1100; n += 1) {
    const target = `lab/model-${n}`;
    observe({ virtualModel: undefined, requestModel: target, target, attempts: [makeAttemptRecord({ target })] });
  }
  assert.equal(lines('gen_ai_client_operation_duration_count').length, 1001);
  assert.equal(lines('gen_ai_server_request_duration_count').length, 1001);
});

test('how much of a budget is used is told until its period is over', () => {
  const registry = new Registry();
  const clock = new FakeClock();
  const budgets = new BudgetMetrics(registry, clock);
  const labels = { budget: 'project:support:usd:day:utc', unit: 'usd' };
  const share = (): number | undefined => valueIn(registry, 'causeway_budget_used_ratio', labels);
  const seen = { budget: labels.budget, unit: 'usd', endsAt: clock.now() + DAY };
  budgets.observe({ ...seen, share: 0.25 });
  budgets.observe({ ...seen, share: 0.5 });
  assert.equal(share(), 0.5);
  clock.advance(DAY);
  assert.equal(share(), undefined);
  for (let n = 0; n < 2000; n += 1) budgets.observe({ ...seen, budget: `b${n}`, endsAt: undefined, share: 1 });
  assert.equal(registry.expose().split('\n').length < 600, true);
});

test('the age of the snapshot is told where there is one', () => {
  const clock = new FakeClock();
  let writtenAt: number | undefined;
  const registry = new Registry();
  registerDatabaseMetrics(registry, { answers: () => true, snapshotWrittenAt: () => writtenAt }, clock);
  assert.equal(valueIn(registry, 'causeway_snapshot_age_seconds', {}), undefined);
  writtenAt = clock.now();
  clock.advance(90_000);
  assert.equal(valueIn(registry, 'causeway_snapshot_age_seconds', {}), 90);
});

test('what is counted soon is counted once, and before anybody reads', () => {
  const registry = new Registry();
  const calls = new CallMetrics(registry, { clock: new FakeClock() });
  for (let count = 1; count <= 100; count += 1) {
    calls.observeSoon(makeRecord({ virtualModel: 'chat', cache: 'miss' }));
    if (count % 7 > 0 && count !== 100) continue;
    assert.equal(valueIn(registry, 'llm_requests_total', { model: 'chat', status: 'completed' }), count);
    assert.equal(valueIn(registry, 'causeway_cache_requests_total', { model: 'chat', state: 'miss' }), count);
  }
});
