import type { Json, JsonObject } from '../../core/json.ts';
import { type NanoUsd, nanoToUsd } from '../../core/money.ts';
import type { Usage, UsageCounts } from '../../core/usage.ts';
import type { AttemptRecord, SpanRecord } from '../journal/record.ts';
import type { Booking } from './bookings.ts';
import type { RoutingRow } from './routing-row.ts';
import type { ListedTrace, WholeTrace } from './listing-store.ts';
import { spansView, wholeMicros } from './span-view.ts';
import type { UsageGroup } from './usage-question.ts';
import type { UsageRow } from './usage-store.ts';
import type {
  AttemptView,
  FeedbackView,
  ListedTraceView,
  RoutingView,
  SavingView,
  TokensView,
  TraceView,
  UsageView,
} from './view-schema.ts';

/** A trace without its texts, as the admin API lists it. Absent facts are null; money is dollars with 9 decimals. */
export function listedTraceView(trace: ListedTrace, feedback: readonly FeedbackView[] = []): ListedTraceView {
  const attempts = (trace.attempts ?? []) as AttemptRecord[];
  const savings = (trace.savings ?? []) as Booking[];
  return {
    trace_id: trace.traceId,
    w3c_trace_id: trace.w3cTraceId,
    parent_span_id: trace.parentSpanId,
    status: trace.status,
    organisation: trace.organisation,
    project: trace.project,
    key_id: trace.keyId,
    user_id: trace.userId,
    conversation_id: trace.conversationId,
    endpoint: trace.endpoint,
    dialect: trace.dialect,
    operation: trace.operation,
    model: trace.model,
    virtual_model: trace.virtualModel,
    response_model: trace.responseModel,
    target: trace.target,
    prompt_version: trace.promptVersion,
    arm: trace.arm,
    routing: routingView(trace.routing as RoutingRow | null),
    tokens: tokensView(trace),
    cost_usd: costView(trace.costNanoUsd, trace.costKnown),
    cost_known: trace.costKnown,
    latency_ms: wholeMicros(trace.latencyMs),
    ttft_ms: microsOrNull(trace.ttftMs),
    inter_token_p95_ms: microsOrNull(trace.interTokenP95Ms),
    overhead_ms: wholeMicros(trace.overheadMs),
    streamed: trace.streamed,
    finish_reason: trace.finishReason,
    cache: trace.cache,
    saved_usd: savedUsd(savings),
    savings: savings.map(savingView),
    attempts: attempts.map(attemptView),
    spans: spansView(attempts, (trace.spans ?? []) as SpanRecord[]),
    patches: trace.patches ?? [],
    verdicts: trace.verdicts ?? [],
    warnings: trace.warnings ?? [],
    error: errorView(trace),
    feedback: [...feedback],
    metadata: trace.metadata,
    started_at: trace.startedAt.toISOString(),
  };
}

function routingView(routing: RoutingRow | null): RoutingView | null {
  if (!routing) return null;
  const { decision, rollouts } = routing;
  const { cascade } = decision ?? {};
  return {
    policy: decision?.policy ?? null,
    target: decision?.target ?? null,
    reason: decision?.reason ?? null,
    rule: decision?.rule ?? null,
    tier: decision?.tier ?? null,
    score: decision?.score ?? null,
    cascade: cascade
      ? {
          first: cascade.first,
          check: cascade.check,
          confidence: cascade.confidence ?? null,
          escalated_to: cascade.escalatedTo ?? null,
        }
      : null,
    rollouts: (rollouts ?? []).map(({ kind, id, arm }) => ({ kind, id, arm })),
  };
}

/** The whole trace. */
export function traceView(trace: WholeTrace, feedback: readonly FeedbackView[] = []): TraceView {
  return { ...listedTraceView(trace, feedback), input: trace.input, output: trace.output };
}

/** One group of usage: what it was grouped by under its own names, then the sums. */
export function usageView(by: readonly UsageGroup[], { group, sums }: UsageRow): UsageView {
  return {
    ...Object.fromEntries(by.map((name, at) => [name, group[at] ?? null])),
    requests: sums.requests,
    tokens: tokensView(sums),
    cost_usd: nanoToUsd(sums.costNanoUsd),
    cost_assumed_usd: nanoToUsd(sums.costAssumedNanoUsd),
    cost_unknown_requests: sums.costUnknownRequests,
  };
}

function attemptView(attempt: AttemptRecord): AttemptView {
  return {
    target: attempt.target,
    kind: attempt.kind ?? null,
    outcome: attempt.outcome,
    http_status: attempt.httpStatus ?? null,
    error_code: attempt.errorCode ?? null,
    retry_of: attempt.retryOf ?? null,
    latency_ms: wholeMicros(attempt.latencyMs),
    ttft_ms: microsOrNull(attempt.ttftMs),
    tokens: attempt.usage ? tokensView(attempt.usage) : null,
    cost_usd: attempt.costNanoUsd === undefined ? null : nanoToUsd(attempt.costNanoUsd),
    cost_source: attempt.costSource ?? null,
    usage_details: attempt.usage ? usageDetails(attempt.usage) : null,
    price_version: attempt.priceVersion ?? null,
    usage_source: attempt.usageSource ?? null,
    response_model: attempt.responseModel ?? null,
    provider_request_id: attempt.providerRequestId ?? null,
    patches: attempt.patches,
  };
}

function savingView(booking: Booking): SavingView {
  const { mechanism, inputTokens, outputTokens } = booking;
  return { mechanism, saved_usd: savedUsd([booking]), tokens: { input: inputTokens, output: outputTokens } };
}

/** What is known; null where nothing is. */
function savedUsd(bookings: readonly Booking[]): number | null {
  const nanoUsd = bookings.reduce((sum, booking) => sum + booking.nanoUsd, 0);
  return nanoUsd === 0 && bookings.some(({ unknown }) => unknown) ? null : nanoToUsd(nanoUsd);
}

export function microsOrNull(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : wholeMicros(ms);
}

type Counts = { readonly [Field in keyof UsageCounts]?: number | null };

export function tokensView(counts: Counts): TokensView {
  return {
    input: counts.inputTokens ?? null,
    output: counts.outputTokens ?? null,
    cached: counts.cacheReadInputTokens ?? null,
    cache_write: counts.cacheCreationInputTokens ?? null,
    reasoning: counts.reasoningOutputTokens ?? null,
  };
}

/** Fields that {@link tokensView} shows. */
const SHOWN = new Set<string>([
  'inputTokens',
  'outputTokens',
  'cacheReadInputTokens',
  'cacheCreationInputTokens',
  'reasoningOutputTokens',
] satisfies (keyof UsageCounts)[]);

/** Everything else that was reported, under names like the wire's; counts of 0 are left out here. */
function usageDetails(usage: Usage): Json {
  const { reportedCostNanoUsd, parts, ...facts } = usage;
  return {
    ...snakeCased(Object.entries(facts).filter(([name, value]) => !SHOWN.has(name) && value !== 0)),
    ...(reportedCostNanoUsd === undefined ? {} : { reported_cost_usd: nanoToUsd(reportedCostNanoUsd) }),
    ...(parts ? { parts: parts.map((part) => snakeCased(Object.entries(part))) } : {}),
  };
}

function snakeCased(fields: [name: string, value: Json][]): JsonObject {
  return Object.fromEntries(fields.map(([name, value]) => [snakeCase(name), value]));
}

/** `cacheCreation1hInputTokens` → `cache_creation_1h_input_tokens`. */
function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z0-9])|(?<=\dh)(?=[A-Z])/g, '_').toLowerCase();
}

/** An unknown cost is null, not 0; where some attempts have a price it is the sum of those. */
export function costView(nanoUsd: NanoUsd, isKnown: boolean): number | null {
  return isKnown || nanoUsd > 0 ? nanoToUsd(nanoUsd) : null;
}

export function errorView({
  errorCode,
  errorMessage,
  errorOrigin,
}: Pick<ListedTrace, 'errorCode' | 'errorMessage' | 'errorOrigin'>): ListedTraceView['error'] {
  return errorCode === null ? null : { code: errorCode, message: errorMessage, origin: errorOrigin };
}
