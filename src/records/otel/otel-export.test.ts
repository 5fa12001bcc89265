import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { OtelDesk } from '../../../test/support/otel-desk.ts';
import { parseExposition } from '../../../test/support/parse-exposition.ts';
import type { ReceivedPoint, ReceivedSpan } from '../../../test/support/otlp-messages.ts';
import { OtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import { writeTraceparent, readTraceparent, spanIdOf } from '../../core/trace-context.ts';
import { VERSION } from '../../core/version.ts';
import { Registry } from '../metrics/registry.ts';
import { registerExportMetrics } from './export-metrics.ts';

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;
const ERROR = 2;

const FIRST = makeAttemptRecord({
  target: 'openai/gpt-5-mini',
  kind: 'first',
  outcome: 'failed',
  httpStatus: 503,
  errorCode: 'provider_unreachable',
  startMs: 10,
  latencyMs: 100.25,
  usage: undefined,
  costNanoUsd: undefined,
  responseModel: undefined,
});
const SECOND = makeAttemptRecord({
  target: 'spare/claude-sonnet-4-6',
  kind: 'fallback',
  startMs: 150.5,
  latencyMs: 400,
  ttftMs: 120,
  retryOf: 0,
  responseModel: 'claude-sonnet-4-6',
  usage: {
    inputTokens: 12,
    outputTokens: 34,
    cacheReadInputTokens: 4,
    cacheCreationInputTokens: 2,
    reasoningOutputTokens: 9,
  },
});

const FALLEN_BACK = makeRecord({
  attempts: [FIRST, SECOND],
  target: 'spare/claude-sonnet-4-6',
  conversationId: 'conv-7',
  promptVersion: 'greeting@1.2.0',
  streamed: true,
  ttftMs: 275.5,
  latencyMs: 560,
  usage: SECOND.usage,
  spans: [{ kind: 'queue', name: 'spare', startMs: 120, durationMs: 30, status: 'ok', detail: { depth: 3 } }],
});

const CLIENTS_OWN = readTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
const CONTINUED = makeRecord({ traceContext: CLIENTS_OWN });
const UNSAMPLED = makeRecord({
  traceContext: readTraceparent('00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'),
});
const REFUSED = makeRecord({
  status: 'failed',
  error: { code: 'limit_requests', message: 'Too many requests; wait 3 s.', origin: 'policy' },
  attempts: [],
  virtualModel: undefined,
  target: undefined,
  responseModel: undefined,
  requestModel: 'made-up-by-a-client',
  usage: undefined,
  finishReason: undefined,
});

const HIT = makeRecord({
  attempts: [],
  usage: undefined,
  costNanoUsd: 0,
  cache: 'exact',
  savings: [
    { mechanism: 'exact', nanoUsd: 71_000, inputTokens: 12, outputTokens: 34 },
    { mechanism: 'semantic', nanoUsd: -1000, inputTokens: 0, outputTokens: 0 },
  ],
});

describe('what a collector gets', () => {
  let receiver: OtlpReceiver;
  let desk: OtelDesk;

  before(async () => {
    receiver = await OtlpReceiver.start();
    const providers = new Map([['spare', { system: 'anthropic', address: 'api.anthropic.com', port: 443 }]]);
    desk = new OtelDesk(receiver, 'headers: { x-team: "support" }, resource: { deployment.environment.name: "test" }', {
      providers,
    });
    desk.offer({ record: FALLEN_BACK }, { record: CONTINUED });
    desk.offer({ record: UNSAMPLED }, { record: REFUSED }, { record: HIT });
    await desk.close();
  });
  after(() => receiver.close());

  const span = (traceId: string, number: number): ReceivedSpan => {
    const found = receiver.spans.find(({ spanId }) => spanId === spanIdOf(traceId, number));
    assert.ok(found, `no span ${number} of ${traceId}`);
    return found;
  };
  const point = (metric: string, attributes: Readonly<Record<string, string>>): ReceivedPoint | undefined =>
    receiver.points.find(
      (one) =>
        one.metric === metric && Object.entries(attributes).every(([key, value]) => one.attributes[key] === value),
    );

  it('is protobuf over HTTP, with the headers of the configuration', () => {
    const paths = new Set(receiver.requests.map(({ path }) => path));
    assert.deepEqual([...paths].toSorted(), ['/v1/metrics', '/v1/traces']);
    for (const { headers } of receiver.requests) {
      assert.equal(headers['content-type'], 'application/x-protobuf');
      assert.equal(headers['x-team'], 'support');
    }
  });

  it('says who it is from', () => {
    const { resource, scope } = span(FALLEN_BACK.traceId, 0);
    assert.equal(resource['service.name'], 'causeway');
    assert.equal(resource['service.version'], VERSION);
    assert.match(String(resource['service.instance.id']), /^[\da-f-]{36}$/);
    assert.equal(resource['deployment.environment.name'], 'test');
    assert.equal(resource['telemetry.sdk.name'], 'opentelemetry');
    assert.deepEqual(scope, {
      name: 'causeway',
      version: VERSION,
      schemaUrl: 'https://opentelemetry.io/schemas/1.41.0',
    });
    assert.deepEqual(receiver.points[0]?.resource, resource);
  });

  it('has the request as the root, and attempts and other work below it', () => {
    const { traceId } = FALLEN_BACK;
    const spans = receiver.spans.filter((one) => one.traceId === traceId);
    assert.deepEqual(
      spans.map(({ name, kind, parentSpanId }) => [name, kind, parentSpanId]),
      [
        ['causeway chat chat', SERVER, ''],
        ['chat gpt-5-mini', CLIENT, spanIdOf(traceId, 0)],
        ['chat claude-sonnet-4-6', CLIENT, spanIdOf(traceId, 0)],
        ['queue spare', INTERNAL, spanIdOf(traceId, 0)],
      ],
    );
    assert.deepEqual(span(traceId, 3).attributes, { 'causeway.span.kind': 'queue', 'causeway.queue.depth': 3 });
  });

  it('has the ids that went upstream in traceparent', () => {
    const sent = writeTraceparent({
      traceId: FALLEN_BACK.traceId,
      parentId: spanIdOf(FALLEN_BACK.traceId, 2),
      sampled: true,
    });
    const { traceId, spanId } = span(FALLEN_BACK.traceId, 2);
    assert.equal(`00-${traceId}-${spanId}-01`, sent);
  });

  it('has the times of the record, to the microsecond', () => {
    const startNanos = BigInt(FALLEN_BACK.startedAt) * 1_000_000n;
    const times = [0, 1, 2, 3].map((number) => {
      const { startNanos: from, endNanos: to } = span(FALLEN_BACK.traceId, number);
      return [Number(from - startNanos) / 1e6, Number(to - startNanos) / 1e6];
    });
    assert.deepEqual(times, [
      [0, 560],
      [10, 110.25],
      [150.5, 550.5],
      [120, 150],
    ]);
  });

  it("continues the client's trace", () => {
    const root = span(CONTINUED.traceId, 0);
    assert.equal(root.traceId, CLIENTS_OWN?.traceId);
    assert.equal(root.parentSpanId, CLIENTS_OWN?.parentId);
    assert.equal(root.attributes['causeway.trace_id'], CONTINUED.traceId);
    assert.equal(span(CONTINUED.traceId, 1).traceId, CLIENTS_OWN?.traceId);
  });

  it('leaves out what the client does not sample', () => {
    assert.deepEqual(
      receiver.spans.filter(
        ({ traceId }) => traceId === UNSAMPLED.traceContext?.traceId || traceId === UNSAMPLED.traceId,
      ),
      [],
    );
  });

  it('has inference spans as the GenAI conventions have them', () => {
    const { attributes, status } = span(FALLEN_BACK.traceId, 2);
    assert.deepEqual(attributes, {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-4-6',
      'gen_ai.response.model': 'claude-sonnet-4-6',
      'gen_ai.conversation.id': 'conv-7',
      'session.id': 'conv-7',
      'user.id': 'ada',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.12,
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 34,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.cache_creation.input_tokens': 2,
      'gen_ai.usage.reasoning.output_tokens': 9,
      'server.address': 'api.anthropic.com',
      'server.port': 443,
      'http.response.status_code': 200,
      'causeway.target': 'spare/claude-sonnet-4-6',
      'causeway.attempt.number': 2,
      'causeway.attempt.kind': 'fallback',
      'causeway.attempt.outcome': 'completed',
      'causeway.attempt.retry_of': 1,
      'causeway.patches': 0,
      'causeway.usage_source': 'reported',
      'causeway.cost_usd': 0.000071,
      'causeway.price_version': 'openai/gpt-5-mini@1',
      'causeway.provider_request_id': 'req_1',
    });
    assert.equal(status.code, 0);
  });

  it('says what a cache did and saved, and no tokens that were not computed', () => {
    const { attributes } = span(HIT.traceId, 0);
    assert.equal(attributes['causeway.cache'], 'exact');
    assert.equal(attributes['causeway.saved_usd'], 0.00007);
    assert.equal(attributes['causeway.cost_usd'], 0);
    assert.equal('gen_ai.usage.input_tokens' in attributes, false);
    assert.equal('causeway.cache' in span(FALLEN_BACK.traceId, 0).attributes, false);
  });

  it('says what failed', () => {
    const attempt = span(FALLEN_BACK.traceId, 1);
    assert.equal(attempt.status.code, ERROR);
    assert.equal(attempt.attributes['error.type'], 'provider_unreachable');
    assert.equal('gen_ai.usage.input_tokens' in attempt.attributes, false, 'absent is not 0');
    const request = span(REFUSED.traceId, 0);
    assert.deepEqual(request.status, { code: ERROR, message: 'Too many requests; wait 3 s.' });
    assert.equal(request.attributes['error.type'], 'limit_requests');
    assert.equal(request.attributes['causeway.error.origin'], 'policy');
    assert.deepEqual(request.events, [
      {
        name: 'exception',
        attributes: { 'exception.type': 'limit_requests', 'exception.message': 'Too many requests; wait 3 s.' },
      },
    ]);
  });

  it('has on the request what the record has of it, and no tokens, which are the attempts', () => {
    const { attributes } = span(FALLEN_BACK.traceId, 0);
    assert.equal(attributes['user.id'], 'ada');
    assert.equal(attributes['causeway.prompt_version'], 'greeting@1.2.0');
    assert.equal(attributes['causeway.cost_usd'], 0.000071);
    assert.equal(attributes['causeway.attempts'], 2);
    assert.equal(attributes['causeway.time_to_first_token'], 0.2755);
    assert.equal(attributes['causeway.endpoint'], '/v1/chat/completions');
    assert.deepEqual(
      Object.keys(attributes).filter((key) => key.startsWith('gen_ai.')),
      ['gen_ai.conversation.id'],
    );
  });

  it('has metrics in the units and buckets of the conventions', () => {
    const tokens = point('gen_ai.client.token.usage', {
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.token.type': 'output',
    });
    assert.equal(tokens?.unit, '{token}');
    assert.equal(tokens?.sum, 34);
    assert.deepEqual(tokens?.bounds.slice(0, 4), [1, 4, 16, 64]);
    assert.deepEqual(tokens?.buckets.slice(0, 5), [0, 0, 0, 1, 0]);
    const failed = point('gen_ai.client.operation.duration', { 'error.type': 'provider_unreachable' });
    assert.deepEqual([failed?.unit, failed?.count, failed?.sum], ['s', 1, 0.10025]);
    const perToken = point('gen_ai.server.time_per_output_token', {});
    assert.equal(perToken?.sum.toFixed(6), ((560 - 275.5) / 1000 / 33).toFixed(6));
    assert.equal(point('gen_ai.server.time_to_first_token', {})?.sum, 0.2755);
  });

  it('counts every request in metrics, and has no name there that a client made up, nor a user', () => {
    const requests = receiver.points.filter(({ metric }) => metric === 'gen_ai.server.request.duration');
    assert.equal(
      requests.reduce((sum, { count }) => sum + count, 0),
      5,
    );
    const values = new Set(receiver.points.flatMap(({ attributes }) => Object.values(attributes)));
    assert.equal(values.has('made-up-by-a-client'), false);
    assert.equal(values.has('ada'), false);
    assert.deepEqual([...new Set(receiver.points.map(({ temporality }) => temporality))], [2], 'cumulative');
  });

  it('is counted', () => {
    const { exported, dropped, failures, waitingBytes } = desk.export.stats();
    assert.deepEqual(exported, { traces: receiver.spans.length, metrics: receiver.points.length });
    assert.deepEqual(
      [dropped, failures],
      [
        { records: 0, traces: 0 },
        { traces: 0, metrics: 0 },
      ],
    );
    assert.equal(waitingBytes, 0);
    assert.deepEqual(desk.log, []);
  });

  it('is exposed to Prometheus', () => {
    const registry = new Registry();
    registerExportMetrics(registry, () => desk.export.stats());
    const { samples } = parseExposition(registry.expose());
    const counts = samples.flatMap(({ name, labels, value }) => (value === 0 ? [] : [[name, labels['signal'], value]]));
    assert.deepEqual(counts, [
      ['causeway_otlp_exported_total', 'traces', receiver.spans.length],
      ['causeway_otlp_exported_total', 'metrics', receiver.points.length],
    ]);
    assert.equal(samples.length, 7);
  });
});

describe('a part of the requests', () => {
  it('is exported, the same one on every replica, whatever clients decide; metrics count all', async () => {
    const receiver = await OtlpReceiver.start();
    const otlp = 'sample: 0.5, clientSampling: false';
    const env = { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' };
    const [one, other] = [new OtelDesk(receiver, otlp), new OtelDesk(receiver, otlp, { env })];
    const records = Array.from({ length: 200 }, () => makeRecord({ attempts: [] }));
    const entries = [...records, UNSAMPLED, CONTINUED].map((record) => ({ record }));
    one.offer(...entries);
    await one.close();
    const ids = receiver.spans.map(({ spanId }) => spanId);
    assert.ok(ids.length > 60 && ids.length < 140, String(ids.length));
    const requests = receiver.points.filter(({ metric }) => metric === 'gen_ai.server.request.duration');
    assert.equal(
      requests.reduce((sum, { count }) => sum + count, 0),
      202,
    );
    other.offer(...entries);
    await other.close();
    assert.deepEqual(
      receiver.spans.slice(ids.length).map(({ spanId }) => spanId),
      ids,
    );
    assert.deepEqual([...new Set(receiver.points.map(({ temporality }) => temporality))], [1], 'delta, as asked for');
    await receiver.close();
  });
});
