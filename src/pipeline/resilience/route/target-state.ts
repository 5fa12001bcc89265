import type { Attempt } from '../../../core/attempts.ts';
import type { Clock } from '../../../core/clock.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import { RecentP95 } from '../../../core/recent-p95.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { type BreakerState, CircuitBreaker, type OpeningCause } from '../breaker/circuit-breaker.ts';
import { AdaptiveLimit } from '../queue/adaptive-limit.ts';
import { Pacer } from '../pacing/pacer.ts';
import { SlotQueue } from '../queue/slot-queue.ts';

/** Names of models come from clients. Of those that were used at least the last half is known. */
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

type States = GenerationalMap<TargetState>;

/** The states of all targets, the least used ones of each set of rules forgotten. */
export class TargetStates {
  readonly #deps: TargetStatesDeps;
  /** Policies of which the rules for a target are the same have the same states. */
  readonly #byPolicy = new WeakMap<RoutePolicy, States>();
  readonly #byRules = new Map<string, States>();

  constructor(deps: TargetStatesDeps) {
    this.#deps = deps;
  }

  /** One state for all models whose rules for the target are the same. */
  of(target: string, policy: RoutePolicy): TargetState {
    const states = this.#byPolicy.get(policy) ?? this.#statesOf(policy);
    const known = states.get(target);
    if (known) return known;
    const state = new TargetState(target, policy, this.#deps);
    states.set(target, state);
    return state;
  }

  /** Of those that were asked lately. */
  get all(): Iterable<TargetState> {
    return [...this.#byRules.values()].flatMap((states) => [...states.values()]);
  }

  #statesOf(policy: RoutePolicy): States {
    const rules = JSON.stringify([policy.breaker, policy.queue, policy.pacing]);
    const states = this.#byRules.get(rules) ?? new GenerationalMap<TargetState>(MOST_TARGETS);
    this.#byRules.set(rules, states);
    this.#byPolicy.set(policy, states);
    return states;
  }
}
