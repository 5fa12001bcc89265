import type { AttemptKind, AttemptOutcome } from '../../core/attempts.ts';
import type { CacheState, Saving } from '../../core/caching.ts';
import type { BodyPatch } from '../../core/body-patch.ts';
import type { Dialect, Operation } from '../../core/call.ts';
import type { ErrorCode, ErrorOrigin } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { RolloutPart, RoutingDecision } from '../../core/routing.ts';
import type { Verdict } from '../../core/screening.ts';
import type { SpanKind, SpanStatus } from '../../core/spans.ts';
import type { TraceContext } from '../../core/trace-context.ts';
import type { CostSource, Usage, UsageSource } from '../../core/usage.ts';

export interface AttemptRecord {
  readonly target: string;
  /** Absent in records from before it was kept. */
  readonly kind?: AttemptKind;
  readonly outcome: AttemptOutcome;
  readonly httpStatus: number | undefined;
  readonly errorCode: ErrorCode | undefined;
  readonly retryOf: number | undefined;
  /** When it was sent, from the beginning of the request; absent in records from before it was kept. */
  readonly startMs?: number | undefined;
  readonly latencyMs: number;
  readonly ttftMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly usageSource: UsageSource | undefined;
  /** Undefined where the price is unknown, which is not 0. */
  readonly costNanoUsd: NanoUsd | undefined;
  /** Undefined also in records from before it was kept. */
  readonly costSource?: CostSource | undefined;
  readonly priceVersion: string | undefined;
  readonly responseModel: string | undefined;
  readonly providerRequestId: string | undefined;
  readonly patches: readonly BodyPatch[];
}

/** A piece of the work beside the attempts. Times are milliseconds; `startMs` is from the beginning of the request. */
export interface SpanRecord {
  readonly kind: SpanKind;
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly status: SpanStatus;
  /** Numbers and names of its own. */
  readonly detail: JsonObject | undefined;
}

/**
 * What is kept of the texts: all; all but what looks like a secret or is personal; their lengths and hashes; nothing.
 */
export type BodyPolicy = 'full' | 'redacted' | 'hashed' | 'none';

/** How the records of a project are kept. */
export interface RecordPolicy {
  readonly bodies: BodyPolicy;
  /** Part of the requests whose texts are kept, 0 to 1. */
  readonly sample: number;
  /** The name of a project that has a retention of its own; empty for all others. Its records expire by themselves. */
  readonly retentionClass: string;
  /** Whether its texts can be searched. */
  readonly search: boolean;
}

/** What happened to one request: one record each, refusals and aborts included. */
export interface CallRecord {
  readonly traceId: string;
  readonly status: 'completed' | 'failed' | 'aborted';
  /** Of the project; undefined also in records from before it was kept. */
  readonly organisation: string | undefined;
  readonly project: string | undefined;
  readonly keyId: string | undefined;
  readonly userId: string | undefined;
  readonly conversationId: string | undefined;
  readonly endpoint: string;
  readonly dialect: Dialect;
  readonly operation: Operation;
  /** As the client asked; undefined where the body could not be read. */
  readonly requestModel: string | undefined;
  readonly virtualModel: string | undefined;
  readonly responseModel: string | undefined;
  /** `provider/model` of the attempt that the client read, else of the last one. */
  readonly target: string | undefined;
  readonly promptVersion: string | undefined;
  /** `kind:id/arm` of the experiment or canary that it fell into; absent where it fell into none. */
  readonly arm?: string | undefined;
  /** The flags, experiments and canaries that it was for; absent where there were none. */
  readonly rollouts?: readonly RolloutPart[] | undefined;
  /** Why it went where it went; absent where there was nothing to choose. */
  readonly routing?: RoutingDecision | undefined;
  readonly streamed: boolean;
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
  readonly costNanoUsd: NanoUsd;
  readonly costKnown: boolean;
  readonly latencyMs: number;
  readonly ttftMs: number | undefined;
  /** Of a streamed answer: the 95th percentile of the time between two pieces of content, milliseconds. */
  readonly interTokenP95Ms: number | undefined;
  /** Time that was ours, not the provider's. */
  readonly overheadMs: number;
  readonly simulated: boolean;
  /** What the caches did for it; undefined where none is on for its model, and in records from before there were any. */
  readonly cache?: CacheState | undefined;
  /** What it saved; absent where that is nothing. */
  readonly savings?: readonly Saving[] | undefined;
  readonly attempts: readonly AttemptRecord[];
  readonly spans: readonly SpanRecord[];
  /** The client's trace, where it sent one. */
  readonly traceContext: TraceContext | undefined;
  /** Changes to the client's body that every attempt saw; an attempt's own are on the attempt. */
  readonly patches: readonly BodyPatch[];
  /** What guards said, in the order in which they did; absent where none is on. */
  readonly verdicts?: readonly Verdict[] | undefined;
  /** The names of the policies that it fell under; absent where none is on, and in records from before it was kept. */
  readonly guardPolicies?: readonly string[] | undefined;
  readonly warnings: readonly string[];
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly origin: ErrorOrigin } | undefined;
  readonly metadata: JsonObject | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly policy: RecordPolicy;
}

/** The texts of a call, kept apart from its facts since they are large and dropped first. */
export interface CallTexts {
  /** The client's body as it came, JSON bytes. */
  readonly input: Uint8Array | undefined;
  /** The whole answer as it came (JSON bytes), or what the stream said put together. */
  readonly output: Uint8Array | undefined;
}

/** Where records go. `append` never waits and never throws; what it cannot keep it counts. */
export interface RecordSink {
  append(record: CallRecord, texts: CallTexts): void;
}
