/** What a request costs in each part of a cascade, on average; nano-dollars. */
export interface CascadeCosts {
  /** The first answer. */
  readonly smallNanoUsd: number;
  /** The answer of the model that it goes on to. */
  readonly largeNanoUsd: number;
  /** One check; 0 where no model is asked. */
  readonly checkNanoUsd: number;
}

/** What a request costs by a cascade of which so many go on, 0 to 1. Nano-dollars. */
export function expectedCascadeCost({ smallNanoUsd, largeNanoUsd, checkNanoUsd }: CascadeCosts, share: number): number {
  return smallNanoUsd + checkNanoUsd + share * largeNanoUsd;
}

/**
 * The share of requests at which a cascade costs as much as asking the larger model at once; it pays where fewer go on.
 * Not more than 1, and negative or minus infinity where it never pays.
 */
export function breakEvenEscalation({ smallNanoUsd, largeNanoUsd, checkNanoUsd }: CascadeCosts): number {
  const first = smallNanoUsd + checkNanoUsd;
  if (largeNanoUsd <= 0) return first > 0 ? Number.NEGATIVE_INFINITY : 0;
  return 1 - first / largeNanoUsd;
}
