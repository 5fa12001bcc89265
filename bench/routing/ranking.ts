/** What became of a prompt with either of the two models, and what each costs. */
export interface Outcome {
  readonly smallOk: boolean;
  readonly largeOk: boolean;
  readonly smallUsd: number;
  readonly largeUsd: number;
}

/** Where a policy stands that sends so large a share to the large model. */
export interface Point {
  /** Of the prompts, to the large model. */
  readonly share: number;
  /** Part of the answers that are right. */
  readonly quality: number;
  /** Of what everything on the large model costs. */
  readonly cost: number;
}

interface Sums {
  count: number;
  gain: number;
  usd: number;
}

/**
 * Prompts in the order in which a policy gives them to the large model. Among those of one score it has no order: they
 * count as if each had a part of the average.
 */
export class Ranking {
  readonly #outcomes: readonly Outcome[];
  readonly #groups: readonly (readonly number[])[];

  /** @param scores the higher, the sooner to the large model */
  constructor(outcomes: readonly Outcome[], scores: readonly number[]) {
    this.#outcomes = outcomes;
    const groups = new Map<number, number[]>();
    for (const [at, score] of scores.entries()) {
      const group = groups.get(score);
      if (group) group.push(at);
      else groups.set(score, [at]);
    }
    this.#groups = [...groups].toSorted(([one], [other]) => other - one).map(([, group]) => group);
  }

  /**
   * The mean part of the quality gap that is recovered, over all shares; 1/2 where the order is chance.
   * @param by shares of the calls, or of the money that the large model costs more
   */
  area(by: 'calls' | 'money', times?: ArrayLike<number>): number {
    const groups = this.#sums(times);
    const all = totalOf(groups);
    let [recovered, area] = [0, 0];
    for (const { count, gain, usd } of groups) {
      const width = by === 'calls' ? count / all.count : usd / all.usd;
      area += width * (recovered + gain / 2);
      recovered += gain;
    }
    return area / all.gain;
  }

  /** The first share at which so much of the quality gap is recovered. */
  shareFor(part: number, times?: ArrayLike<number>): number {
    const groups = this.#sums(times);
    const all = totalOf(groups);
    let [before, counted] = [0, 0];
    for (const { count, gain } of groups) {
      const missing = part * all.gain - before;
      if (gain >= missing && gain > 0) return (counted + count * Math.max(0, missing / gain)) / all.count;
      before += gain;
      counted += count;
    }
    return 1;
  }

  at(share: number, times?: ArrayLike<number>): Point {
    const groups = this.#sums(times);
    const all = totalOf(groups);
    let wanted = share * all.count;
    let [gain, usd] = [0, 0];
    for (const group of groups) {
      const taken = group.count === 0 ? 0 : Math.min(1, wanted / group.count);
      gain += taken * group.gain;
      usd += taken * group.usd;
      wanted -= taken * group.count;
      if (wanted <= 0) break;
    }
    const base = this.#base(times);
    return { share, quality: (base.right + gain) / all.count, cost: (base.usd + usd) / (base.usd + all.usd) };
  }

  #sums(times: ArrayLike<number> | undefined): Sums[] {
    return this.#groups.map((group) => {
      const sums: Sums = { count: 0, gain: 0, usd: 0 };
      for (const at of group) {
        const outcome = this.#outcomes[at];
        const often = times ? (times[at] ?? 0) : 1;
        if (!outcome) continue;
        sums.count += often;
        sums.gain += often * (Number(outcome.largeOk) - Number(outcome.smallOk));
        sums.usd += often * (outcome.largeUsd - outcome.smallUsd);
      }
      return sums;
    });
  }

  /** Everything on the small model. */
  #base(times: ArrayLike<number> | undefined): { right: number; usd: number } {
    let [right, usd] = [0, 0];
    for (const [at, { smallOk, smallUsd }] of this.#outcomes.entries()) {
      const often = times ? (times[at] ?? 0) : 1;
      right += often * Number(smallOk);
      usd += often * smallUsd;
    }
    return { right, usd };
  }
}

function totalOf(groups: readonly Sums[]): Sums {
  const all: Sums = { count: 0, gain: 0, usd: 0 };
  for (const { count, gain, usd } of groups) {
    all.count += count;
    all.gain += gain;
    all.usd += usd;
  }
  return all;
}
