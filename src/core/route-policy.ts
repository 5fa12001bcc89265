import type { Target } from './call.ts';
import type { Rate } from './units.ts';

/** How often, and how long apart, a call is sent again. Milliseconds. */
export interface RetryPolicy {
  readonly max: number;
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** Further attempts: a share of the successes, and so many a second. */
  readonly budget: { readonly share: number; readonly perSecond: number };
}

/** When a target is not asked for a while. Milliseconds. */
interface BreakerPolicy {
  readonly failures: number;
  readonly failureRate: number;
  readonly window: number;
  readonly minimumCalls: number;
  readonly slowAfter?: number;
  readonly openFor: number;
  readonly probes: number;
}

/** How many calls a target is sent at once, and how many wait. Milliseconds. */
interface QueuePolicy {
  readonly concurrency: number;
  readonly size: number;
  readonly maxWait: number;
  /** The number at once follows the target's latency, up to `concurrency`. */
  readonly adaptive: boolean;
}

/** What a provider allows at one target. */
interface PacingPolicy {
  readonly requests?: Rate;
  readonly tokens?: Rate;
  readonly inputTokens?: Rate;
  readonly outputTokens?: Rate;
  /** How much of a limit may be used at once, as a share of it. */
  readonly burst: number;
  /** Keeps what answers tell of limits, too. */
  readonly learn: boolean;
}

/** What a second attempt waits for: so many milliseconds, or what 95 of 100 first tokens of the target took. */
interface HedgePolicy {
  readonly after: number | 'p95';
}

/** How a call goes on where a target fails. */
export interface RoutePolicy {
  readonly retries: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly queue: QueuePolicy;
  readonly pacing: PacingPolicy;
  readonly hedge: HedgePolicy | undefined;
  /** A stream that breaks off goes on at the next target. */
  readonly continue: boolean;
  /** In place of the other targets, where the prompt is too long for one. */
  readonly onContextLength: readonly Target[];
  /** In place of the other targets, where the filter of one refuses the prompt. */
  readonly onContentPolicy: readonly Target[];
}
