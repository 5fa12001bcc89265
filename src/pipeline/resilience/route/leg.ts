import type { Attempt, AttemptKind } from '../../../core/attempts.ts';
import type { Call, Target } from '../../../core/call.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import type { GatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Admission, CallOutcome } from '../breaker/circuit-breaker.ts';
import type { KeyTurn } from '../keys/key-pool.ts';
import type { Sent } from '../pacing/pacer.ts';
import type { Prepared } from '../prepare.ts';
import type { Demand } from '../queue/gate.ts';
import type { Slot } from '../queue/slot-queue.ts';
import { type Verdict, verdictOn } from '../retry/failure.ts';
import type { RunningAttempt } from '../run-attempt.ts';
import type { TargetState } from './target-state.ts';
import { timeLimitsOf, tooSlow } from './time-limits.ts';

/** The right to send one request to a target; it has to be used or given back. */
export interface Leave {
  readonly target: Target;
  readonly state: TargetState;
  readonly prepared: Prepared;
  readonly admission: Admission;
  readonly slot: Slot | undefined;
  /** Which of the provider's keys it goes with. */
  readonly key: KeyTurn;
  /** What it is thought to need of the provider's limits. */
  readonly demand: Demand;
}

/** What of a leave there is already. */
export type Held = Pick<Leave, 'state' | 'admission' | 'demand'> & { readonly slot?: Slot | undefined };

/** A leave that is not used. */
export function giveBack({ state, admission, demand, slot }: Held): void {
  admission.done('ignored', 0);
  if (!slot) return;
  state.pacer?.giveBack(demand);
  slot.release();
}

/**
 * What a budget has to hold for it: nothing where that is so, else a promise that it does. Without it the leave is
 * given back.
 * @param moreInputTokens that are sent beside what the client sent, at most
 * @throws budget_exhausted, cost_unbounded, counters_unavailable
 */
export function covers(call: Call, leave: Leave, moreInputTokens = 0): Promise<void> | undefined {
  const giveUp = (thrown: unknown): never => {
    giveBack(leave);
    throw thrown;
  };
  try {
    return call.spending?.cover(leave.target, moreInputTokens)?.catch(giveUp);
  } catch (thrown) {
    return giveUp(thrown);
  }
}

/** What weighs more, where several attempts make up one answer. */
const WEIGHT: Readonly<Record<CallOutcome, number>> = { ignored: 0, success: 1, failure: 2 };

/**
 * One request under way to one target: one attempt, or as many side by side as make up the answer. When the last of
 * them is over, the target's place is free again and its breaker knows how it went.
 */
export class Leg {
  readonly #call: Call;
  readonly #leave: Leave;
  readonly #running: RunningAttempt;
  #stopTimers: readonly (() => void)[] = [];
  #open: number;
  #outcome: CallOutcome = 'ignored';
  #longestMs = 0;
  #wasSent = false;
  #status: number | undefined;
  readonly #sent: Sent | undefined;

  constructor(call: Call, leave: Leave, scheduler: Scheduler, why: { kind: AttemptKind; retryOf: number | undefined }) {
    this.#call = call;
    this.#leave = leave;
    this.#open = leave.prepared.copies;
    this.#sent = leave.state.pacer?.sent();
    const running = leave.prepared.start({
      ...why,
      onClose: (attempt) => this.#closed(attempt),
      onHead: (status, headers) => this.#answered(status, headers),
    });
    this.#running = running;
    running.reply.then(
      () => leave.key.report(undefined),
      (error: GatewayError) => leave.key.report(error, this.#status),
    );
    const limits = this.#open > 0 ? timeLimitsOf(call, leave.prepared.firstContentMs) : [];
    this.#stopTimers = limits.map((limit) =>
      scheduler.after(limit.ms, () => running.expire(tooSlow(limit), limit.setting === 'firstToken')),
    );
  }

  get target(): Target {
    return this.#leave.target;
  }

  get reply(): Promise<Reply> {
    return this.#running.reply;
  }

  cancel(by: AbortedBy): void {
    this.#running.cancel(by);
  }

  /** The provider asked for a pause: others wait for it, too. */
  pause({ code, retryAfterMs }: GatewayError): void {
    if (code === 'provider_rate_limited' && this.#paces) this.#leave.state.pacer?.block(retryAfterMs ?? 0);
  }

  /** Who is to blame for a failure of it, and whether the request may be sent again. */
  verdictOn(error: Pick<GatewayError, 'code'>): Verdict {
    const { operation, resource, form } = this.#call;
    const streamedBody = form !== undefined;
    const sent = streamedBody || (this.#wasSent && error.code !== 'provider_unreachable');
    return verdictOn(error, { operation, method: resource?.method, sent, streamedBody });
  }

  /** The limits of several keys are not those of one. */
  get #paces(): boolean {
    return (this.#leave.key.provider.keys?.length ?? 0) <= 1;
  }

  #answered(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    const { pacer } = this.#leave.state;
    if (this.#sent && this.#paces) pacer?.learn(headers, this.#sent);
  }

  #closed(attempt: Attempt): void {
    const { closing, sentAt, firstContentAt, closedAt = 0 } = attempt;
    const outcome = this.#outcomeOf(attempt);
    this.#wasSent ||= sentAt !== undefined;
    if (WEIGHT[outcome] > WEIGHT[this.#outcome]) this.#outcome = outcome;
    if (sentAt !== undefined) this.#longestMs = Math.max(this.#longestMs, (firstContentAt ?? closedAt) - sentAt);
    const { state, admission, slot } = this.#leave;
    state.learn(attempt, closing?.outcome === 'failed' && outcome === 'failure');
    this.#open -= 1;
    if (this.#open > 0) return;
    for (const stop of this.#stopTimers) stop();
    this.#settlePace(attempt);
    admission.done(this.#outcome, this.#longestMs);
    slot?.release();
  }

  #settlePace({ closing, sentAt }: Attempt): void {
    const { state, demand } = this.#leave;
    if (!state.pacer) return;
    if (sentAt === undefined) state.pacer.giveBack(demand);
    else if (closing?.usage) {
      const { inputTokens = 0, outputTokens = 0 } = closing.usage;
      state.pacer.settle(demand, { inputTokens, outputTokens });
    }
  }

  #outcomeOf({ closing }: Attempt): CallOutcome {
    if (closing?.outcome === 'completed') return 'success';
    if (closing?.outcome !== 'failed' || !closing.errorCode) return 'ignored';
    const { blames } = this.verdictOn({ code: closing.errorCode });
    return blames === 'target' ? 'failure' : 'ignored';
  }
}
