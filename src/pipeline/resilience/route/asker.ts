import { type Call, type Target, targetName } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import { prepare } from '../prepare.ts';
import type { Demand } from '../queue/gate.ts';
import type { Slot } from '../queue/slot-queue.ts';
import { type Held, type Leave, giveBack } from './leg.ts';
import type { RouteDeps } from './route-deps.ts';
import type { TargetState } from './target-state.ts';

/** Asks for leave to send a call to a target: its breaker, its queue, a key, and what the request itself needs. */
export class Asker {
  readonly #deps: RouteDeps;
  readonly #call: Call;
  readonly #policy: RoutePolicy;

  constructor(deps: RouteDeps, call: Call, policy: RoutePolicy) {
    this.#deps = deps;
    this.#call = call;
    this.#policy = policy;
  }

  stateOf(target: Target): TargetState {
    return this.#deps.targets.of(targetName(target), this.#policy);
  }

  /** Whether the provider can be asked with a key that does not rest; after one was refused, another one. */
  hasKey({ provider, model }: Target): boolean {
    return this.#deps.keys.hasFree(this.#deps.catalog().provider(provider), this.#call, model, this.#call.keeps);
  }

  /**
   * Waits its turn at the target, where it has to.
   * @param patienceMs at most so long; with 0 the answer is there at once, and with Infinity there is nobody else to ask
   * @throws target_unavailable, queue_full; provider_auth_failed; what the request lacks for this target; the call's own end
   */
  leaveFor(target: Target, patienceMs: number): Leave | Promise<Leave> {
    const state = this.stateOf(target);
    const demand = state.pacer ? this.#demand() : NO_DEMAND;
    const asked = { target, state, demand, admission: this.#admission(state) };
    const slot = this.#giveBackOnError(asked, () => this.#slot(asked, patienceMs));
    const insists = patienceMs === Number.POSITIVE_INFINITY;
    return slot instanceof Promise ? this.#later(asked, slot, insists) : this.#leave(asked, slot, insists);
  }

  async #later(asked: Asked, waiting: Promise<Slot>, insists: boolean): Promise<Leave> {
    let slot: Slot;
    try {
      slot = await this.#call.spans.around('queue', targetName(asked.target), this.#deps.clock, waiting);
    } catch (thrown) {
      giveBack(asked);
      throw thrown;
    }
    return this.#leave(asked, slot, insists);
  }

  /** The answer's tokens are counted when they are known. */
  #demand(): Demand {
    return { inputTokens: Math.ceil(this.#call.body.raw.length / BYTES_A_TOKEN), outputTokens: 0 };
  }

  #admission({ breaker, target }: TargetState): Leave['admission'] {
    const admission = breaker.admit();
    if (admission) return admission;
    throw new GatewayError('target_unavailable', {
      message: `The target "${target}" has failed too often, and is left alone for a while. Send it again later.`,
      retryAfterMs: Math.max(1, Math.ceil(breaker.retryAfterMs)),
    });
  }

  /** Embeddings have none: they go in batches of many requests, which are bounded for themselves. */
  #slot({ state: { queue }, demand }: Asked, patienceMs: number): Slot | Promise<Slot> | undefined {
    const { operation, facts, principal, cancellation, deadlineAt } = this.#call;
    if (operation === 'embeddings') return undefined;
    return queue.acquire({
      priority: facts.priority,
      owner: principal?.project ?? '',
      deadline: deadlineAt,
      patienceMs,
      cancellation,
      demand,
    });
  }

  #leave(asked: Asked, slot: Slot | undefined, insists: boolean): Leave {
    const held = { ...asked, slot };
    return this.#giveBackOnError(held, () => {
      const { target } = asked;
      const provider = this.#deps.catalog().provider(target.provider);
      const key = this.#deps.keys.take(provider, this.#call, target.model, { keeps: this.#call.keeps, insists });
      const prepared = prepare(this.#deps, this.#call, target, key.provider);
      return { ...held, prepared, key };
    });
  }

  #giveBackOnError<Got>(held: Held, get: () => Got): Got {
    try {
      return get();
    } catch (thrown) {
      giveBack(held);
      throw thrown;
    }
  }
}

type Asked = Pick<Leave, 'target' | 'state' | 'admission' | 'demand'>;

const NO_DEMAND: Demand = { inputTokens: 0, outputTokens: 0 };

/** Bytes of a request that make about one token. */
const BYTES_A_TOKEN = 4;
