import { TIERS, type Tier } from '../../../../core/routing.ts';

/** What a request costs by list price for its estimated tokens. */
export interface RequestCosts {
  readonly smallNanoUsd: number;
  readonly largeNanoUsd: number;
}

export interface BreakEvenFacts extends RequestCosts {
  /** Of the requests like it that the classifier was asked about, the part that went to the small model, 0 to 1. */
  readonly shareSmall: number;
  /** What asking costs on average. */
  readonly askNanoUsd: number;
}

/** What asking first is expected to save against the large model for all; negative where it costs more than it saves. */
export function expectedSaving({ smallNanoUsd, largeNanoUsd, shareSmall, askNanoUsd }: BreakEvenFacts): number {
  return shareSmall * (largeNanoUsd - smallNanoUsd) - askNanoUsd;
}

/** The share of requests that have to go to the small model for asking to pay; above 1 where it never does. */
export function breakEvenShare({ smallNanoUsd, largeNanoUsd }: RequestCosts, askNanoUsd: number): number {
  const saved = largeNanoUsd - smallNanoUsd;
  if (saved <= 0) return Number.POSITIVE_INFINITY;
  return askNanoUsd / saved;
}

/** Before anything is known: half of them, worth so many requests. */
const BELIEVED_SHARE = 0.5;
const BELIEF = 8;
/** Older verdicts count less: one halves in about as many. */
const REMEMBERED = 500;
/** What asking costs, until it is known, as a part of what the request costs on the small model. */
const BELIEVED_ASK = 0.5;
/** One of so many that would not pay is asked about all the same, or what was learned could never be corrected. */
const TRIED_AGAIN = 200;

interface Tally {
  asked: number;
  small: number;
}

/**
 * Decides for each request whether asking a classifier pays, by what came of earlier ones that the rules saw in the same
 * tier.
 */
export class BreakEven {
  readonly #tallies = new Map<Tier, Tally>(TIERS.map((tier) => [tier, { asked: 0, small: 0 }]));
  #askNanoUsd: number | undefined;
  #refused = 0;

  /** @param ruled what the rules say of the request */
  pays(ruled: Tier, costs: RequestCosts): boolean {
    const askNanoUsd = this.#askNanoUsd ?? costs.smallNanoUsd * BELIEVED_ASK;
    if (expectedSaving({ ...costs, shareSmall: this.shareSmall(ruled), askNanoUsd }) > 0) return true;
    // Where there is nothing to save at all, nothing is learned either.
    if (costs.largeNanoUsd <= costs.smallNanoUsd) return false;
    this.#refused += 1;
    return this.#refused % TRIED_AGAIN === 0;
  }

  /** @param costNanoUsd undefined where it has no known price */
  learn(ruled: Tier, isSmall: boolean, costNanoUsd: number | undefined): void {
    const tally = this.#tallies.get(ruled);
    if (tally) {
      const kept = 1 - 1 / REMEMBERED;
      tally.asked = tally.asked * kept + 1;
      tally.small = tally.small * kept + Number(isSmall);
    }
    if (costNanoUsd === undefined) return;
    const known = this.#askNanoUsd;
    this.#askNanoUsd = known === undefined ? costNanoUsd : known + (costNanoUsd - known) / BELIEF;
  }

  /** The part of them that went to the small model. */
  shareSmall(ruled: Tier): number {
    const { asked, small } = this.#tallies.get(ruled) ?? { asked: 0, small: 0 };
    return (small + BELIEVED_SHARE * BELIEF) / (asked + BELIEF);
  }

  /** What asking costs on average; undefined until it was asked. */
  get askNanoUsd(): number | undefined {
    return this.#askNanoUsd;
  }
}
