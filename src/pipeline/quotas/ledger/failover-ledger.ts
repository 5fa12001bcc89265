import { GatewayError } from '../../../core/errors.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import type { Claim, ClaimState, Holding, QuotaLedger, Verdict } from './ledger.ts';
import { type AwaySettings, LocalShare, type PromptLedger } from './local-share.ts';
import type { RedisState } from './redis-membership.ts';

/** Budgets whose last state is remembered. */
const MOST_SIGHTS = 20_000;
/** A call does not follow counters that come and go for ever. */
const MOST_ATTEMPTS = 3;

/** The shared counters; `RedisLedger` is one. */
export interface SharedLedger {
  readonly state: RedisState;
  readonly replicas: number;
  admit(claims: readonly Claim[]): Promise<Verdict>;
  read(claims: readonly Claim[]): Promise<readonly ClaimState[]>;
  /** Only while `away`. */
  adopt(claims: readonly Claim[], portion: number): Holding;
}

export interface FailoverOptions {
  readonly shared: SharedLedger;
  /** An empty one in the memory of this process. */
  memory(): PromptLedger;
  settings(): AwaySettings;
}

/**
 * The shared counters, and while they are away what the operator has chosen instead. What is admitted in the meantime
 * is counted in them when they are back.
 */
export class FailoverLedger implements QuotaLedger {
  readonly #options: FailoverOptions;
  readonly #sights = new GenerationalMap<ClaimState>(MOST_SIGHTS);
  /** Of this absence. */
  #share: LocalShare | undefined;

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /** The shared counters are back: what was counted here is theirs now, and the next absence begins with what it sees. */
  forgetShare(): void {
    this.#share = undefined;
  }

  /** @throws counters_unavailable where the shared counters are away, and the policy is to admit nothing */
  admit(claims: readonly Claim[]): Promise<Verdict> {
    return this.#ask(
      async (shared) => {
        const verdict = await shared.admit(claims);
        this.#note(claims, verdict.states);
        return verdict;
      },
      () => this.#admitHere(claims),
    );
  }

  /** @throws counters_unavailable as `admit` does */
  read(claims: readonly Claim[]): Promise<readonly ClaimState[]> {
    return this.#ask(
      async (shared) => {
        const states = await shared.read(claims);
        this.#note(claims, states);
        return states;
      },
      () => this.#shareNow().read(claims, this.#options.settings()),
    );
  }

  /** @param here called in the same moment in which the shared counters are seen to be away */
  async #ask<Answer>(there: (shared: SharedLedger) => Promise<Answer>, here: () => Answer): Promise<Answer> {
    const { shared } = this.#options;
    for (let attempt = 1; shared.state !== 'away'; attempt += 1) {
      try {
        return await there(shared);
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'counters_unavailable') throw error;
        if (attempt === MOST_ATTEMPTS) throw error;
      }
    }
    return here();
  }

  #admitHere(claims: readonly Claim[]): Verdict {
    const verdict = this.#shareNow().admit(claims, this.#options.settings());
    // Rates are not carried over: what they count is over soon.
    if (!verdict.admitted || claims.every(({ kind }) => kind === 'rate')) return verdict;
    const adopted = this.#options.shared.adopt(claims, verdict.portion);
    const here = verdict.holding;
    const holding: Holding = {
      settle(actual) {
        here.settle(actual);
        adopted.settle(actual);
      },
      waits: () => adopted.waits(),
      sends: () => adopted.sends(),
    };
    return { ...verdict, holding };
  }

  #shareNow(): LocalShare {
    const options = this.#options;
    return (this.#share ??= new LocalShare(options.memory(), options.shared.replicas, (key) => this.#sights.get(key)));
  }

  #note(claims: readonly Claim[], states: readonly ClaimState[]): void {
    for (let at = 0; at < claims.length; at += 1) {
      const [claim, state] = [claims[at], states[at]];
      if (claim?.kind === 'budget' && state) this.#sights.set(claim.key, state);
    }
  }
}
