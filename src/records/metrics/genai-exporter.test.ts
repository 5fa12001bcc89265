import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

import * as fc from '../../../test/support/fast-check.ts';
import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { parseExposition } from '../../../test/support/parse-exposition.ts';
import type { CallRecord } from '../journal/record.ts';
import { Instruments } from '../otel/instruments.ts';
import { GenAiMetrics } from './genai-metrics.ts';
import { Registry } from './registry.ts';

const PROVIDERS = new Map([['main', { system: 'openai' }]]);

/** What the exporter for Prometheus of the official SDK says of the records. */
async function official(records: readonly CallRecord[]): Promise<string> {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const instruments = new Instruments(provider.getMeter('causeway'));
  for (const record of records) instruments.observe(record, PROVIDERS);
  const { resourceMetrics } = await exporter.collect();
  const text = new PrometheusSerializer('', false, undefined, true, true).serialize(resourceMetrics);
  await provider.shutdown();
  return text;
}

function ours(records: readonly CallRecord[]): string {
  const registry = new Registry();
  const metrics = new GenAiMetrics(registry, () => PROVIDERS);
  for (const record of records) metrics.observe(record);
  return registry.expose();
}

/** Every sample, without what the text leaves open: order, and how many digits a sum has. */
function samplesOf(exposition: string): string[] {
  const lines = exposition.split('\n').filter((line) => !line.startsWith('# UNIT '));
  const { samples } = parseExposition(lines.join('\n'));
  const text = samples.map(({ name, labels, value }) => {
    const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify([name, sorted, Number(value.toPrecision(9))]);
  });
  return text.toSorted((a, b) => (a < b ? -1 : 1));
}

/** Names and help as they stand before the samples. */
function headsOf(exposition: string): string[] {
  const lines = exposition.split('\n').filter((line) => /^# (?:HELP|TYPE) gen_ai/.test(line));
  return lines.toSorted((a, b) => (a < b ? -1 : 1));
}

const anyMs = fc.integer({ min: 0, max: 90_000 });
const anyUsage = fc.option(fc.record({ inputTokens: fc.nat(9000), outputTokens: fc.nat(900) }), { nil: undefined });
const anyTarget = fc.constantFrom('main/m-1', 'main/m-2', 'gemini/m', 'lab/a/b');
const anyAttempt = fc
  .record({
    target: anyTarget,
    outcome: fc.constantFrom('completed', 'failed', 'aborted'),
    errorCode: fc.constantFrom(undefined, 'provider_error' as const),
    latencyMs: anyMs,
    usage: anyUsage,
  })
  .map(makeAttemptRecord);
const error = { code: 'limit_requests', message: '', origin: 'policy' } as const;
const anyCall = fc
  .record({
    status: fc.constantFrom('completed', 'failed', 'aborted'),
    operation: fc.constantFrom('chat', 'completion', 'embeddings'),
    virtualModel: fc.constantFrom(undefined, 'chat', 'small'),
    target: fc.option(anyTarget, { nil: undefined }),
    error: fc.constantFrom(undefined, error),
    latencyMs: anyMs,
    ttftMs: fc.option(anyMs, { nil: undefined }),
    usage: anyUsage,
    attempts: fc.array(anyAttempt, { maxLength: 3 }),
  })
  .map(makeRecord);

test("what the official SDK's exporter says of any records, we say, name by name and bucket by bucket", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { minLength: 1, maxLength: 20 }), async (records) => {
      assert.deepEqual(samplesOf(ours(records)), samplesOf(await official(records)));
    }),
    { numRuns: 50 },
  );
});

test('the help and the types are the same, too', async () => {
  const records = [makeRecord({ streamed: true, ttftMs: 10 })];
  assert.deepEqual(headsOf(ours(records)), headsOf(await official(records)));
});
