import { GatewayError } from '../../../core/errors.ts';
import type { CountersSettings } from '../settings.ts';
import type { Claim, ClaimState, Holding, Verdict } from './ledger.ts';

/** A ledger that answers at once, as the one in memory does. */
export interface PromptLedger {
  admit(claims: readonly Claim[]): Verdict;
  read(claims: readonly Claim[]): readonly ClaimState[];
}

/** How a budget stood when it was seen last. */
export type Sight = (key: string) => ClaimState | undefined;

export type AwaySettings = Pick<CountersSettings, 'whenAway' | 'hardBudgetsWhenAway'>;

/** A claim in this process, and where it stood among those of the call. */
interface LocalClaim {
  readonly claim: Claim;
  readonly at: number;
}

/**
 * What one replica admits by itself while the counters that it shares with others are away: of each limit the part
 * that falls to one of them, of a budget that part of what was left when it was seen last.
 */
export class LocalShare {
  readonly #ledger: PromptLedger;
  readonly #replicas: number;
  readonly #sight: Sight;

  /** @param replicas that there were when the counters went away, this one among them */
  constructor(ledger: PromptLedger, replicas: number, sight: Sight) {
    this.#ledger = ledger;
    this.#replicas = Math.max(1, replicas);
    this.#sight = sight;
  }

  /** @throws counters_unavailable where the policy is to admit nothing */
  admit(claims: readonly Claim[], settings: AwaySettings): Verdict {
    const local = this.#localOf(claims, settings);
    const verdict = this.#ledger.admit(local.map(({ claim }) => claim));
    const states = this.#statesOf(claims, local, verdict.states);
    if (!verdict.admitted) return { ...verdict, at: local[verdict.at]?.at ?? 0, states };
    const settle = (actual: readonly number[]): void => verdict.holding.settle(local.map(({ at }) => actual[at] ?? 0));
    const holding: Holding = { settle, waits() {}, sends() {} };
    return { ...verdict, states, holding };
  }

  /** @throws counters_unavailable as `admit` does */
  read(claims: readonly Claim[], settings: AwaySettings): ClaimState[] {
    const local = this.#localOf(claims, settings);
    return this.#statesOf(claims, local, this.#ledger.read(local.map(({ claim }) => claim)));
  }

  /** The claims that are counted here. */
  #localOf(claims: readonly Claim[], { whenAway, hardBudgetsWhenAway }: AwaySettings): LocalClaim[] {
    const local: LocalClaim[] = [];
    for (const [at, claim] of claims.entries()) {
      const policy = claim.kind === 'budget' && claim.hard ? hardBudgetsWhenAway : whenAway;
      if (policy === 'closed') throw new GatewayError('counters_unavailable');
      if (policy === 'local') local.push({ claim: this.#shareOf(claim), at });
    }
    return local;
  }

  #shareOf(claim: Claim): Claim {
    const share = (whole: number): number => Math.max(1, whole / this.#replicas);
    if (claim.kind === 'rate') return { ...claim, limit: share(claim.limit), burst: share(claim.burst) };
    if (claim.kind === 'concurrency') return { ...claim, limit: Math.floor(share(claim.limit)) };
    const { used = 0, reserved = 0 } = this.#sight(claim.key) ?? {};
    return { ...claim, limit: Math.floor(Math.max(0, claim.limit - used - reserved) / this.#replicas) };
  }

  #statesOf(claims: readonly Claim[], local: readonly LocalClaim[], told: readonly ClaimState[]): ClaimState[] {
    const states = claims.map((claim) => this.#seen(claim));
    for (const [index, { at }] of local.entries()) {
      const [here, seen] = [told[index], states[at]];
      if (!here || !seen) continue;
      // Of a budget what was seen of all replicas, and what came to it here.
      states[at] = { ...here, used: seen.used + here.used, reserved: seen.reserved + here.reserved };
    }
    return states;
  }

  /** A claim that is not counted stands as if nobody used it; a budget as it was seen last. */
  #seen(claim: Claim): ClaimState {
    if (claim.kind === 'rate') return { remaining: Math.floor(claim.burst), resetMs: 0, used: 0, reserved: 0 };
    if (claim.kind === 'concurrency') return { remaining: claim.limit, resetMs: 0, used: 0, reserved: 0 };
    const { used = 0, reserved = 0 } = this.#sight(claim.key) ?? {};
    return { remaining: Math.max(0, claim.limit - used - reserved), resetMs: 0, used, reserved };
  }
}
