import { abortError } from '../../../core/abort-error.ts';
import type { AttemptKind } from '../../../core/attempts.ts';
import { type Call, type Target, targetName } from '../../../core/call.ts';
import { type ErrorCode, GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import { continued } from '../continue/continued-stream.ts';
import { mayContinue } from '../continue/may-continue.ts';
import { backoffMs } from '../retry/backoff.ts';
import type { RetryBudget } from '../retry/retry-budget.ts';
import { Asker } from './asker.ts';
import { type Lost, type Outcome, firstOf, mayHedge, only } from './hedge.ts';
import { type Leave, Leg, covers, giveBack } from './leg.ts';
import { USUAL_POLICY } from './policy.ts';
import type { RouteDeps } from './route-deps.ts';
import { sleep } from './sleep.ts';

/** A target that is not the last one is waited for no longer than this: another one is there. */
const PATIENCE_MS = 100;

/** What a target refuses before anything is sent, and another one may not. */
const TARGETS_OWN: ReadonlySet<ErrorCode> = new Set([
  'target_unavailable',
  'queue_full',
  'provider_auth_failed',
  'provider_rate_limited',
  'operation_unsupported',
  'capability_unsupported',
]);

/** Of these, what will be otherwise in a while. */
const BUSY: ReadonlySet<ErrorCode> = new Set(['target_unavailable', 'queue_full', 'provider_rate_limited']);

/**
 * Sends one call along its targets until one answers: to the next as soon as one has failed, and when all have, after
 * a while from the first on. What a target refuses because of the request itself goes to nobody else, but for those
 * that the operator named for that.
 */
export class Route {
  readonly #deps: RouteDeps;
  readonly #call: Call;
  readonly #policy: RoutePolicy;
  readonly #budget: RetryBudget;
  readonly #asker: Asker;
  #chain: readonly Target[];
  /** Not to be asked again. */
  readonly #out = new Set<Target>();
  /** To be asked again only where there is no other. */
  readonly #shunned = new Set<Target>();
  /** What became of the last one that was sent. */
  #failure: GatewayError | undefined;
  /** Why targets were not asked, in this pass. */
  #refusals: GatewayError[] = [];
  #retryAfterMs: number | undefined;
  #retries = 0;
  /** Attempts of the call before this way along targets. */
  readonly #before: number;
  #notes: readonly string[] = [];

  constructor(deps: RouteDeps, call: Call, targets: readonly Target[]) {
    this.#deps = deps;
    this.#call = call;
    this.#chain = targets;
    this.#before = call.attempts.all.length;
    this.#policy = call.assignment?.policy ?? USUAL_POLICY;
    this.#budget = deps.budgets.of(call, this.#policy.retries);
    this.#asker = new Asker(deps, call, this.#policy);
  }

  /** @throws why no target answered */
  async run(): Promise<Reply> {
    try {
      for (;;) {
        const sentBefore = this.#sent;
        const reply = await this.#pass();
        if (reply) return reply;
        if (this.#sent === sentBefore) throw this.#nobody();
        await this.#waitForRetry();
      }
    } catch (thrown) {
      this.#call.warnings.push(...this.#notes);
      throw thrown;
    }
  }

  get #sent(): number {
    return this.#call.attempts.all.length - this.#before;
  }

  /** Every target once. */
  async #pass(): Promise<Reply | undefined> {
    this.#refusals = [];
    this.#retryAfterMs = undefined;
    for (let at = 0; at < this.#chain.length; at += 1) {
      const target = this.#chain[at];
      if (!target || !this.#isAskable(target)) continue;
      // Without a wait nothing stands between a request and its sending.
      const asked = this.#leaveFor(target, at);
      if (asked instanceof Promise) this.#call.spending?.waits();
      const leave = asked instanceof Promise ? await asked : asked;
      if (!leave) continue;
      const outcome = await this.#send(leave, at);
      if (!outcome.lost) return this.#answered(outcome.leg, outcome.reply);
      at = this.#afterFailure(outcome.lost, at);
    }
    return undefined;
  }

  #isAskable(target: Target): boolean {
    if (this.#out.has(target)) return false;
    return !this.#shunned.has(target) || this.#chain.every((one) => this.#out.has(one) || this.#shunned.has(one));
  }

  #leaveFor(target: Target, at: number): Leave | undefined | Promise<Leave | undefined> {
    const hasOthers = this.#chain.some((one, index) => index > at && this.#isAskable(one));
    try {
      if (hasOthers && !this.#deps.isReady(target)) throw notReady(target);
      const asked = this.#asker.leaveFor(target, hasOthers ? PATIENCE_MS : Number.POSITIVE_INFINITY);
      return asked instanceof Promise ? asked.catch((thrown: unknown) => this.#refused(target, thrown)) : asked;
    } catch (thrown) {
      return this.#refused(target, thrown);
    }
  }

  /** A target that is not asked now. @throws what every other one would say, too */
  #refused(target: Target, thrown: unknown): undefined {
    const error = toGatewayError(thrown);
    if (!TARGETS_OWN.has(error.code)) throw error;
    if (!BUSY.has(error.code)) this.#out.add(target);
    this.#refusals.push(error);
  }

  #send(leave: Leave, at: number): Promise<Outcome> {
    if (this.#sent > 0 && !this.#budget.take()) {
      giveBack(leave);
      throw this.#failure ?? new GatewayError('target_unavailable');
    }
    const covered = covers(this.#call, leave);
    return covered ? covered.then(() => this.#sendCovered(leave, at)) : this.#sendCovered(leave, at);
  }

  /** @throws how the call ended meanwhile */
  #sendCovered(leave: Leave, at: number): Promise<Outcome> {
    const { by } = this.#call.cancellation;
    if (by) {
      giveBack(leave);
      throw abortError(by);
    }
    this.#call.spending?.sends();
    const { hedge } = this.#policy;
    const leg = this.#start(leave, this.#kindOf(leave, at));
    const delayMs = hedge?.after === 'p95' ? leave.state.latency.p95 : hedge?.after;
    if (delayMs === undefined || !mayHedge(this.#call)) return only(leg);
    return firstOf(leg, delayMs, () => this.#second(leave.target, at), this.#deps.scheduler);
  }

  #kindOf({ state: { target } }: Leave, at: number): AttemptKind {
    const { all } = this.#call.attempts;
    if (this.#sent === 0 && target === this.#call.routing?.cascade?.escalatedTo) return 'escalation';
    if (all.some(({ opening }) => opening.target === target)) return 'retry';
    return all.length === 0 && at === 0 ? 'first' : 'fallback';
  }

  #start(leave: Leave, kind: AttemptKind): Leg {
    this.#notes = leave.prepared.notes;
    const { all } = this.#call.attempts;
    return new Leg(this.#call, leave, this.#deps.scheduler, {
      kind,
      retryOf: all.length === 0 ? undefined : all.length - 1,
    });
  }

  /** A second attempt beside one that is slow: at another target, or at the same one where there is none. */
  #second(slow: Target, at: number): Leg | undefined {
    const other = this.#chain.find((one, index) => index > at && this.#isAskable(one)) ?? slow;
    try {
      const leave = this.#asker.leaveFor(other, 0);
      if (leave instanceof Promise) return undefined;
      const covered = covers(this.#call, leave);
      if (!covered && this.#budget.take()) return this.#start(leave, 'hedge');
      // What has to be asked for first comes too late for a second one.
      if (covered) void covered.then(() => giveBack(leave)).catch(() => {});
      else giveBack(leave);
    } catch {
      // There is no place for it now: the first one goes on by itself.
    }
    return undefined;
  }

  #answered(leg: Leg, reply: Reply): Reply {
    this.#budget.success();
    this.#call.answeredBy = leg.target;
    this.#notes = [];
    return this.#policy.continue && mayContinue(this.#call) ? this.#continued(leg.target, reply) : reply;
  }

  /** Should its stream break off, others are asked to go on with it: those after it in the chain, then those before. */
  #continued(answering: Target, reply: Reply): Reply {
    const at = this.#chain.indexOf(answering);
    const others = [...this.#chain.slice(at + 1), ...this.#chain.slice(0, Math.max(0, at))];
    const targets = others.filter((one) => one !== answering && !this.#out.has(one));
    const [deps, call, policy, budget] = [this.#deps, this.#call, this.#policy, this.#budget];
    return continued(reply, { deps, call, policy, budget, targets });
  }

  /** @returns the place in the chain after which to go on. @throws where nobody else is to be asked */
  #afterFailure(lost: readonly Lost[], at: number): number {
    for (const { leg, error } of lost) {
      const chain = this.#chainFor(error);
      if (chain) {
        this.#chain = chain;
        return -1;
      }
      const { again } = leg.verdictOn(error);
      if (again === 'never') throw error;
      if (again === 'elsewhere') this.#out.add(leg.target);
      if (again === 'elsewhere-first') this.#shunned.add(leg.target);
      this.#failure = error;
      if (error.retryAfterMs !== undefined) {
        leg.pause(error);
        this.#retryAfterMs = Math.min(this.#retryAfterMs ?? Number.POSITIVE_INFINITY, error.retryAfterMs);
      }
    }
    return lost.some((one) => this.#hasAnotherKey(one)) ? at - 1 : at;
  }

  /** The targets that the operator named for what is wrong with the request. They are the last. */
  #chainFor({ code }: GatewayError): readonly Target[] | undefined {
    const { onContextLength, onContentPolicy } = this.#policy;
    const named = { context_length_exceeded: onContextLength, content_policy_violation: onContentPolicy };
    const chain = code in named ? named[code as keyof typeof named] : [];
    return chain.length > 0 && chain !== this.#chain ? chain : undefined;
  }

  /** A key that was refused rests, and the target is asked at once with another one. */
  #hasAnotherKey({ leg, error }: Lost): boolean {
    if (leg.verdictOn(error).blames !== 'key') return false;
    const another = this.#asker.hasKey(leg.target);
    if (!another && error.code === 'provider_auth_failed') this.#out.add(leg.target);
    return another;
  }

  /** Nothing was sent in this pass. */
  #nobody(): GatewayError {
    if (this.#failure) return this.#failure;
    const busy = this.#refusals.filter(({ code }) => BUSY.has(code));
    const [first] = busy.length > 0 ? busy.toSorted(bySoonest) : this.#refusals;
    return first ?? new GatewayError('internal', { cause: new Error('no target was assigned') });
  }

  async #waitForRetry(): Promise<void> {
    const { retries } = this.#policy;
    const { scheduler, clock, random } = this.#deps;
    const failure = this.#failure ?? this.#nobody();
    const isLeft = this.#chain.some((target) => this.#isAskable(target));
    if (this.#retries >= retries.max || !isLeft) throw failure;
    const delayMs = backoffMs(retries, { retries: this.#retries, retryAfterMs: this.#retryAfterMs, random });
    const { deadlineAt = Number.POSITIVE_INFINITY, cancellation } = this.#call;
    // A client that gives up before is told now what is wrong.
    if (delayMs === undefined || clock.monotonic() + delayMs >= deadlineAt) throw failure;
    this.#retries += 1;
    await sleep(delayMs, scheduler, cancellation);
  }
}

function notReady(target: Target): GatewayError {
  return new GatewayError('target_unavailable', { message: `The target "${targetName(target)}" is not ready yet.` });
}

function bySoonest(a: GatewayError, b: GatewayError): number {
  return (a.retryAfterMs ?? Number.POSITIVE_INFINITY) - (b.retryAfterMs ?? Number.POSITIVE_INFINITY);
}
