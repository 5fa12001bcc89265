import type { CacheState, Saving } from '../../core/caching.ts';
import type { Dialect, Operation } from '../../core/call.ts';
import type { JsonObject } from '../../core/json.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { AttemptRecord } from '../../records/journal/record.ts';
import type { RoutingRow } from '../../records/traces/routing-row.ts';

/** An attempt as it is stored: what is undefined is left out. */
export type RecordedAttempt = Pick<AttemptRecord, 'target' | 'outcome' | 'latencyMs'> &
  Partial<Pick<AttemptRecord, 'kind' | 'ttftMs' | 'usage' | 'costNanoUsd' | 'priceVersion' | 'startMs'>>;

/** A saving as it is stored. */
export type RecordedSaving = Pick<Saving, 'inputTokens' | 'outputTokens'> & {
  readonly mechanism: string;
  readonly nanoUsd?: NanoUsd | null;
};

/** A request as its trace tells it. Times are milliseconds, money nano-dollars. */
export interface RecordedRequest {
  readonly traceId: string;
  /** Since the epoch. */
  readonly startedAt: number;
  readonly status: string;
  readonly organisation: string | null;
  readonly project: string | null;
  readonly keyId: string | null;
  readonly userId: string | null;
  readonly conversationId: string | null;
  readonly endpoint: string;
  readonly dialect: Dialect;
  readonly operation: Operation;
  /** As the client asked. */
  readonly model: string | null;
  readonly virtualModel: string | null;
  /** `provider/model` of the answer. */
  readonly target: string | null;
  /** `name@semver` of the operator's own. */
  readonly promptVersion: string | null;
  readonly streamed: boolean;
  readonly finishReason: string | null;
  readonly cache: CacheState | null;
  readonly costNanoUsd: NanoUsd;
  readonly costKnown: boolean;
  readonly latencyMs: number;
  readonly ttftMs: number | null;
  readonly overheadMs: number;
  readonly errorCode: string | null;
  readonly errorOrigin: string | null;
  /** Empty where there was none, or their details could not be stored. */
  readonly attempts: readonly RecordedAttempt[];
  readonly savings: readonly RecordedSaving[];
  readonly routing: RoutingRow | undefined;
  readonly metadata: JsonObject | undefined;
  /** The client's body as far as it was kept: an object, its hash, a part of its text, or nothing. */
  readonly input: unknown;
  /** Of the answer as it is kept; null where it is not. */
  readonly outputBytes: number | null;
}

/** An answer of another target to a request that was also sent there. */
export interface TwinAnswer {
  readonly target: string;
  readonly attempt: RecordedAttempt;
}

/** How a recorded target's answers ended well. */
export function answersOf({ attempts }: Pick<RecordedRequest, 'attempts'>): RecordedAttempt[] {
  return attempts.filter(({ outcome, usage }) => outcome === 'completed' && usage !== undefined);
}
