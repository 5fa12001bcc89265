import type { Attempt } from '../../../core/attempts.ts';
import { BoundedMap } from '../../../core/bounded-map.ts';
import type { Clock } from '../../../core/clock.ts';
import { RecentP95 } from '../../../core/recent-p95.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { type BreakerState, CircuitBreaker, type OpeningCause } from '../breaker/circuit-breaker.ts';
import { AdaptiveLimit } from '../queue/adaptive-limit.ts';
import { Pacer } from '../pacing/pacer.ts';
import { SlotQueue } from '../queue/slot-queue.ts';

/** Names of models come from clients. */
const MOST_TARGETS = 10_000;

export interface TargetStatesDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** A breaker opened, is tried, or closed again. */
  onBreaker?(target: string, state: BreakerState, cause: OpeningCause | undefined): void;
}

/** What this process knows of one target, under one set of rules. */
export class TargetState {
  readonly target: string;
  readonly breaker: CircuitBreaker;
  readonly queue: SlotQueue;
  /** Absent where nothing is to be kept. */
  readonly pacer: Pacer | undefined;
  /** How long its last first tokens took, in milliseconds from sending to the first content. */
  readonly latency = new RecentP95({ samples: 128, enough: 20 });
  readonly #adaptive: AdaptiveLimit | undefined;

  constructor(target: string, { breaker, queue, pacing }: RoutePolicy, deps: TargetStatesDeps) {
    const { clock, scheduler } = deps;
    this.target = target;
    this.breaker = new CircuitBreaker(breaker, clock, (state, cause) => deps.onBreaker?.(target, state, cause));
    const adaptive = queue.adaptive ? new AdaptiveLimit({ max: () => queue.concurrency }) : undefined;
    this.#adaptive = adaptive;
    this.pacer = hasLimits(pacing) ? new Pacer({ limits: pacing, clock }) : undefined;
    this.queue = new SlotQueue({
      concurrency: () => adaptive?.limit ?? queue.concurrency,
      size: () => queue.size,
      maxWaitMs: () => queue.maxWait,
      clock,
      scheduler,
      ...(this.pacer && { gate: this.pacer }),
    });
  }

  /**
   * Learns from an attempt that has ended how long this target takes.
   */
  learn({ sentAt, firstContentAt, closedAt = 0, closing }: Attempt, isTargetsFault: boolean): void {
    if (sentAt === undefined) return;
    const latencyMs = (firstContentAt ?? closedAt) - sentAt;
    if (closing?.outcome === 'completed') this.latency.add(latencyMs);
    if (!this.#adaptive || (closing?.outcome !== 'completed' && !isTargetsFault)) return;
    this.#adaptive.sample(latencyMs, this.queue.inFlight, !isTargetsFault);
    this.queue.refresh();
  }
}

function hasLimits({ learn, burst: _burst, ...limits }: RoutePolicy['pacing']): boolean {
  return learn || Object.keys(limits).length > 0;
}

/** The states of all targets, the least used ones forgotten. */
export class TargetStates {
  readonly #deps: TargetStatesDeps;
  readonly #states = new BoundedMap<TargetState>(MOST_TARGETS);
  readonly #rules = new WeakMap<RoutePolicy, string>();
  readonly #names = new Map<string, string>();

  constructor(deps: TargetStatesDeps) {
    this.#deps = deps;
  }

  /** One state for all models whose rules for the target are the same. */
  of(target: string, policy: RoutePolicy): TargetState {
    const key = `${target} ${this.#rulesOf(policy)}`;
    const known = this.#states.get(key);
    if (known) return known;
    const state = new TargetState(target, policy, this.#deps);
    this.#states.set(key, state);
    return state;
  }

  /** Of those that were asked lately. */
  get all(): Iterable<TargetState> {
    return this.#states.values();
  }

  /** A short name for them: the same for the same rules. */
  #rulesOf(policy: RoutePolicy): string {
    let rules = this.#rules.get(policy);
    if (rules === undefined) {
      const text = JSON.stringify([policy.breaker, policy.queue, policy.pacing]);
      rules = this.#names.get(text) ?? String(this.#names.size);
      this.#names.set(text, rules);
      this.#rules.set(policy, rules);
    }
    return rules;
  }
}
