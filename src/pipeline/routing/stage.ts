import { requireStillWanted } from '../../core/abort-error.ts';
import type { Attempt, AttemptWatcher } from '../../core/attempts.ts';
import type { Saving } from '../../core/caching.ts';
import type { Assignment, Call, Target } from '../../core/call.ts';
import type { RoutePlan } from '../../core/routing.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import { modelOf } from './choose/choice.ts';
import { type PlanDeps, type PlannedTargets, planTargets } from './plan-targets.ts';
import { routingSaving } from './savings.ts';
import type { Manner } from './signals/target-signals.ts';

export type RouteStageDeps = PlanDeps;

/**
 * Which target of a virtual model is asked first. It looks on at the attempts of every call, also of those that have one
 * target alone: how busy a target is does not depend on who asks it.
 */
export function routeStage(deps: RouteStageDeps): Stage {
  return {
    name: 'route',
    run(call, next) {
      const { assignment, operation } = call;
      if (operation === 'resource') return next(call);
      // Counting tokens says nothing of how long answers take.
      const watch = operation === 'token-count' ? undefined : new CallWatch(deps, call, assignment?.route);
      if (watch) call.attempts.watch(watch);
      if (!assignment?.route) return next(call);
      const planned = planTargets(call, deps);
      const ask = watch && assignment.route.cascade ? bookingAtEnd(watch, next) : next;
      if (planned instanceof Promise) return later(deps, { call, assignment, planned }, ask);
      take(call, assignment, planned);
      return ask(call);
    },
  };
}

/** A first answer that stands, as the better model gave none, is the client's after all attempts have ended. */
function bookingAtEnd(watch: CallWatch, next: Handler): Handler {
  return (call) => next(call).finally(() => watch.book());
}

interface Waiting {
  readonly call: Call;
  readonly assignment: Assignment;
  readonly planned: Promise<PlannedTargets>;
}

/** Somebody is asked first, for whom the client may not have waited. */
async function later({ clock }: RouteStageDeps, { call, assignment, planned }: Waiting, next: Handler): Promise<Reply> {
  const kind = assignment.route?.complexity?.kind ?? 'rules';
  take(call, assignment, await call.spans.around('route', kind, clock, planned));
  requireStillWanted(call);
  return next(call);
}

function take(call: Call, assignment: Assignment, { targets, decision }: PlannedTargets): void {
  call.assignment = ordered(call, assignment, targets);
  if (decision) call.routing = decision;
}

/** What an assignment is with its targets in other orders: it is the same for all calls that it is the same for. */
const ORDERS = new WeakMap<Assignment, Assignment[]>();
const MOST_ORDERS = 24;

function ordered({ confinedTo }: Call, assignment: Assignment, targets: readonly Target[]): Assignment {
  if (isSameOrder(assignment.targets, targets)) return assignment;
  // Of a call that was confined to some targets, it is the call's own.
  const known = confinedTo ? [] : (ORDERS.get(assignment) ?? []);
  const same = known.find((one) => isSameOrder(one.targets, targets));
  if (same) return same;
  const made = { ...assignment, targets };
  if (!confinedTo && known.length < MOST_ORDERS) ORDERS.set(assignment, [...known, made]);
  return made;
}

function isSameOrder(targets: readonly Target[], others: readonly Target[]): boolean {
  return targets.length === others.length && targets.every((one, at) => one === others[at]);
}

/** What targets are known by is learned from the attempts of every call, and what routing saved from their costs. */
class CallWatch implements AttemptWatcher {
  readonly #deps: RouteStageDeps;
  readonly #call: Call;
  readonly #plan: RoutePlan | undefined;
  readonly #manner: Manner;
  #booked: Saving | undefined;

  constructor(deps: RouteStageDeps, call: Call, plan: RoutePlan | undefined) {
    this.#deps = deps;
    this.#call = call;
    this.#plan = plan;
    this.#manner = call.facts.stream ? 'streamed' : 'whole';
  }

  opened({ opening }: Attempt): void {
    this.#deps.signals.of(opening.target).opened();
  }

  closed(attempt: Attempt): void {
    const { signals, clock } = this.#deps;
    const { target } = attempt.opening;
    const at = attempt.closedAt ?? clock.monotonic();
    signals.of(target).closed(attempt, this.#manner, at);
    if (!this.#plan) return;
    const { outcome, usage } = attempt.closing ?? {};
    if (outcome === 'completed' && usage?.outputTokens !== undefined) {
      signals.noteAnswer(modelOf(this.#call), target, usage.outputTokens, at);
    }
    this.book();
  }

  /** Again with each attempt that ends: the one that the client reads may be another one then. */
  book(): void {
    const call = this.#call;
    const saving = this.#plan && routingSaving(call, this.#plan, this.#deps.catalog());
    const others = call.savings?.filter((one) => one !== this.#booked) ?? [];
    if (saving || this.#booked) call.savings = saving ? [...others, saving] : others;
    this.#booked = saving;
  }
}
