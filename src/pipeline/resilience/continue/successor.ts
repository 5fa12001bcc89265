import { type Call, type Target, targetName } from '../../../core/call.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import type { StreamedReply } from '../../../core/reply.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import type { RetryBudget } from '../retry/retry-budget.ts';
import { Asker } from '../route/asker.ts';
import { type Leave, Leg, covers, giveBack } from '../route/leg.ts';
import type { RouteDeps } from '../route/route-deps.ts';
import { continuationCall } from './continuation-call.ts';
import { type Manner, continuationRequest } from './continuation-request.ts';

/** A client is in the middle of its answer: no target is waited for longer. */
const PATIENCE_MS = 1000;

/** Who may go on with a call's stream, and what bounds that. */
export interface Succession {
  readonly deps: RouteDeps;
  readonly call: Call;
  readonly policy: RoutePolicy;
  readonly budget: RetryBudget;
  /** In the order in which they are asked. */
  readonly targets: readonly Target[];
}

/** What there is to go on with. */
export interface Inheritance {
  readonly said: string;
  /** Why it broke off. */
  readonly code: ErrorCode;
  /** Index of the attempt that broke off. */
  readonly attempt: number;
}

export interface Started {
  readonly manner: Manner;
  readonly stream: StreamedReply['stream'];
}

interface Admitted {
  readonly leave: Leave;
  readonly call: Call;
  readonly manner: Manner;
}

/** The one further attempt of a stream that broke off: at the first target that admits it. */
export class Successor {
  readonly #from: Succession;
  readonly #inheritance: Inheritance;
  #cancelledBy: AbortedBy | undefined;
  #leg: Leg | undefined;

  constructor(from: Succession, inheritance: Inheritance) {
    this.#from = from;
    this.#inheritance = inheritance;
  }

  /** Resolves at its first content; with undefined where nobody goes on. */
  async start(): Promise<Started | undefined> {
    const admitted = await this.#admitted();
    if (!admitted) return undefined;
    const { leave, call, manner } = admitted;
    if (this.#isOver || !this.#from.budget.take()) {
      giveBack(leave);
      return undefined;
    }
    const retryOf = this.#inheritance.attempt;
    try {
      const covered = covers(this.#from.call, leave, moreTokens(this.#inheritance.said));
      if (covered) await covered;
      if (this.#isOver) {
        giveBack(leave);
        return undefined;
      }
      this.#warn(leave, manner);
      this.#leg = new Leg(call, leave, this.#from.deps.scheduler, { kind: 'continuation', retryOf });
      const reply = await this.#leg.reply;
      return reply.kind === 'stream' ? { manner, stream: reply.stream } : undefined;
    } catch {
      // Its own attempt says why; the client is told what became of its answer.
      return undefined;
    }
  }

  /** Ends it as long as it has not started. */
  cancel(by: AbortedBy): void {
    this.#cancelledBy = by;
    this.#leg?.cancel(by);
  }

  get #isOver(): boolean {
    return this.#cancelledBy !== undefined || this.#from.call.cancellation.by !== undefined;
  }

  async #admitted(): Promise<Admitted | undefined> {
    for (const target of this.#from.targets) {
      if (this.#isOver) return undefined;
      try {
        const admitted = await this.#ask(target);
        if (admitted) return admitted;
      } catch {
        // It is full, left alone for a while, or cannot do this: the next one.
      }
    }
    return undefined;
  }

  /** @throws why it does not admit the request */
  async #ask(target: Target): Promise<Admitted | undefined> {
    const { deps, call, policy } = this.#from;
    const { said } = this.#inheritance;
    if (!deps.isReady(target)) return undefined;
    const catalog = deps.catalog();
    const provider = catalog.provider(target.provider);
    const manner = catalog.capabilitiesOf(provider, target.model)?.prefill === true ? 'prefill' : 'instruction';
    // Asked anew, a model would write the whole form once more.
    if (manner === 'instruction' && call.inference.responseFormat) return undefined;
    const request = continuationRequest(call.inference, said, manner, target.model);
    const own = continuationCall(call, request, provider, target.model);
    if (!own) return undefined;
    return { leave: await new Asker(deps, own, policy).leaveFor(target, PATIENCE_MS), call: own, manner };
  }

  /** The headers are out, so that it stands in the trace alone. */
  #warn({ target }: Leave, manner: Manner): void {
    const { call } = this.#from;
    const { attempt, code } = this.#inheritance;
    const first = call.attempts.all[attempt]?.opening.target ?? '';
    const how = manner === 'prefill' ? '' : ', which was asked to go on since it takes no prefill';
    call.warnings.push(`answer: broke off at ${first} (${code}) and goes on at ${targetName(target)}${how}`);
  }
}

/** Around what was said: the words that ask to go on, and its end once more. */
const AROUND_TOKENS = 4096;

/** No more tokens than bytes, in the longest form that a tokenizer might bring them into. */
function moreTokens(said: string): number {
  return 2 * Buffer.byteLength(said) + AROUND_TOKENS;
}
