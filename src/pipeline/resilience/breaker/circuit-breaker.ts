import type { Clock } from '../../../core/clock.ts';
import { RollingCount } from '../rolling-count.ts';
import type { BreakerSettings } from './settings.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Why it opened. `told`: another replica or the provider's own words, so there is nobody to tell in turn. */
export type OpeningCause = 'failures-in-a-row' | 'failure-rate' | 'probe-failed' | 'told';

/**
 * What a call says about its target. `ignored`: nothing, as where the client left, or was at fault, or only the key
 * that it went with was refused.
 */
export type CallOutcome = 'success' | 'failure' | 'ignored';

/** The right to send one call. */
export interface Admission {
  /** Says how the call went; only the first time counts. */
  done(outcome: CallOutcome, durationMs: number): void;
}

/** What the admin API and the metrics show. */
export interface BreakerSnapshot {
  readonly state: BreakerState;
  /** Of the last opening; undefined where it never opened. */
  readonly cause: OpeningCause | undefined;
  readonly retryAfterMs: number;
  readonly failuresInARow: number;
  /** Calls in the window, and how many of them failed or were too slow. */
  readonly calls: number;
  readonly failures: number;
  readonly probesInFlight: number;
  /** How often it opened since the start. */
  readonly openings: number;
}

/** Called after the state has changed; the half-open state begins with the first probe. */
export type BreakerListener = (state: BreakerState, cause: OpeningCause | undefined) => void;

/** The rate is of the last `window`, less at most a twentieth of it. */
const BUCKETS = 20;

/**
 * Keeps calls from a target that fails, so that they go elsewhere at once and it has time to recover.
 *
 * Closed, every call passes, until `failures` in a row or `failureRate` of the last `window` failed. Open, none does
 * for `openFor`. Half-open, `probes` at a time do: as many successes close it, the first failure opens it again. A
 * result counts only in the state in which its call was admitted, so that stragglers decide nothing.
 *
 * Every operation takes the same time and memory, however many calls there are.
 */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  readonly #clock: Clock;
  readonly #onChange: BreakerListener | undefined;
  readonly #calls: RollingCount;
  readonly #failures: RollingCount;
  /** As it was last told; an open one whose time is over is half-open for everybody who asks. */
  #told: BreakerState = 'closed';
  /** Goes up with every change of state: a result of another era is a straggler's. */
  #era = 0;
  #cause: OpeningCause | undefined;
  #openUntil = 0;
  #failuresInARow = 0;
  #probesInFlight = 0;
  #probesPassed = 0;
  #lastProbeAt = 0;
  #openings = 0;

  constructor(settings: BreakerSettings, clock: Clock, onChange?: BreakerListener) {
    this.#settings = settings;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#calls = new RollingCount(settings.window / BUCKETS, BUCKETS);
    this.#failures = new RollingCount(settings.window / BUCKETS, BUCKETS);
  }

  get state(): BreakerState {
    return this.#told === 'open' && this.#clock.monotonic() >= this.#openUntil ? 'half-open' : this.#told;
  }

  /** Milliseconds until a call may be admitted; 0 where one may now. */
  get retryAfterMs(): number {
    const now = this.#clock.monotonic();
    if (this.#told === 'open') return Math.max(0, this.#openUntil - now);
    return this.#told === 'half-open' ? this.#untilProbe(now) : 0;
  }

  /** Undefined where the call has to go elsewhere, which costs nothing. */
  admit(): Admission | undefined {
    const now = this.#clock.monotonic();
    if (this.#told !== 'closed') {
      if (this.#told === 'open') {
        if (now < this.#openUntil) return undefined;
        this.#change('half-open');
      }
      if (this.#untilProbe(now) > 0) return undefined;
      this.#probesInFlight += 1;
      this.#lastProbeAt = now;
    }
    return new OneCall(this.#settled, this.#era);
  }

  /**
   * Opens it until then, or longer where it is open for longer already.
   * @param until monotonic milliseconds; what is over is nothing to wait for
   */
  open(until: number): void {
    if (until <= this.#clock.monotonic()) return;
    if (this.#told === 'open') this.#openUntil = Math.max(this.#openUntil, until);
    else this.#trip('told', until);
  }

  /** Every call passes again, without a probe: somebody knows that the target is well. */
  close(): void {
    if (this.#told !== 'closed') this.#change('closed');
  }

  snapshot(): BreakerSnapshot {
    const now = this.#clock.monotonic();
    return {
      state: this.state,
      cause: this.#cause,
      retryAfterMs: this.retryAfterMs,
      failuresInARow: this.#failuresInARow,
      calls: this.#calls.sum(now),
      failures: this.#failures.sum(now),
      probesInFlight: this.#probesInFlight,
      openings: this.#openings,
    };
  }

  readonly #settled = (era: number, outcome: CallOutcome, durationMs: number): void => {
    if (era !== this.#era) return;
    if (this.#told === 'half-open') this.#probed(outcome, durationMs);
    else if (outcome !== 'ignored') this.#count(outcome, durationMs);
  };

  #count(outcome: CallOutcome, durationMs: number): void {
    const { failures, failureRate, minimumCalls, openFor } = this.#settings;
    const now = this.#clock.monotonic();
    const hasFailed = outcome === 'failure';
    this.#calls.add(now);
    if (hasFailed || this.#isSlow(durationMs)) this.#failures.add(now);
    this.#failuresInARow = hasFailed ? this.#failuresInARow + 1 : 0;
    if (this.#failuresInARow >= failures) {
      this.#trip('failures-in-a-row', now + openFor);
      return;
    }
    const calls = this.#calls.sum(now);
    const failed = this.#failures.sum(now);
    if (calls >= minimumCalls && failed / calls >= failureRate) this.#trip('failure-rate', now + openFor);
  }

  #probed(outcome: CallOutcome, durationMs: number): void {
    this.#probesInFlight -= 1;
    if (outcome === 'ignored') return;
    if (outcome === 'failure' || this.#isSlow(durationMs)) {
      this.#trip('probe-failed', this.#clock.monotonic() + this.#settings.openFor);
      return;
    }
    this.#probesPassed += 1;
    if (this.#probesPassed >= this.#settings.probes) this.#change('closed');
  }

  /**
   * Until a probe may go. One that does not end keeps its place for no longer than the breaker would have been open, so
   * that a long stream does not keep everybody else out.
   */
  #untilProbe(now: number): number {
    if (this.#probesInFlight < this.#settings.probes) return 0;
    return Math.max(0, this.#lastProbeAt + this.#settings.openFor - now);
  }

  #isSlow(durationMs: number): boolean {
    const { slowAfter } = this.#settings;
    return slowAfter !== undefined && durationMs > slowAfter;
  }

  #trip(cause: OpeningCause, until: number): void {
    this.#cause = cause;
    this.#openUntil = until;
    this.#openings += 1;
    this.#change('open');
  }

  /** Every state begins with nothing counted. */
  #change(state: BreakerState): void {
    this.#told = state;
    this.#era += 1;
    this.#failuresInARow = 0;
    this.#probesInFlight = 0;
    this.#probesPassed = 0;
    this.#calls.clear();
    this.#failures.clear();
    this.#onChange?.(state, this.#cause);
  }
}

class OneCall implements Admission {
  #settle: ((era: number, outcome: CallOutcome, durationMs: number) => void) | undefined;
  readonly #era: number;

  constructor(settle: (era: number, outcome: CallOutcome, durationMs: number) => void, era: number) {
    this.#settle = settle;
    this.#era = era;
  }

  done(outcome: CallOutcome, durationMs: number): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(this.#era, outcome, durationMs);
  }
}
