import type { Blocks, Column, Interval } from './blocks.ts';
import type { Fact } from './fact.ts';
import { type Labels, type Term, labelDifference, labelled, labelsFor } from './label-difference.ts';
import type { Policy } from './policies.ts';
import { type Service, ServiceSums } from './service.ts';

/** What is known of how good answers would be by a policy, beside those that there were. Points, 0.01 is one of 100. */
export type Quality =
  /** The same targets answer. */
  | { readonly kind: 'same' }
  /** Too few labels. */
  | { readonly kind: 'unknown'; readonly missing: readonly string[] }
  | {
      readonly kind: 'measured';
      readonly difference: Interval;
      readonly labels: number;
      /** About how many of each target would tell whether answers are as good. */
      readonly needed: number;
    };

/** A policy on this traffic. */
export interface Evaluation {
  readonly policy: Policy;
  /** Requests of which it is known what it would cost. */
  readonly requests: number;
  /** Of all that it is judged by. */
  readonly share: number;
  readonly beforeNanoUsd: number;
  readonly afterNanoUsd: number;
  /** The part of the cost that is saved; below 0 where it costs more. */
  readonly saving: Interval;
  /** The part of the requests that would go to another target. */
  readonly moved: number;
  readonly quality: Quality;
  readonly service: Service;
}

/** Points by which answers may be worse before anybody minds. */
export const MARGIN = 0.02;

/** Conversations with labels that each of the two targets has to have among the requests in question. */
const LEAST_LABELS = 20;

export interface EvaluateOptions {
  readonly blocks: Blocks;
  /** How far intervals of quality reach, standard deviations: further, the more policies are compared. */
  readonly spreads: number;
  /** The part of the attempts that fail, by target. */
  readonly failing: ReadonlyMap<string, number>;
}

/** What a policy would have cost and saved, and at what quality. */
export function evaluate(policy: Policy, facts: readonly Fact[], options: EvaluateOptions): Evaluation {
  const { blocks, spreads, failing } = options;
  const before = blocks.column();
  const after = blocks.column();
  const quality = new QualitySums(blocks);
  const service = new ServiceSums(policy);
  let [looked, requests, moved] = [0, 0, 0];
  for (const fact of facts) {
    if (!policy.isAbout(fact)) continue;
    looked += 1;
    const target = policy.targetOf(fact);
    const cost = target === undefined ? undefined : costBy(policy, fact, target);
    if (target === undefined || cost === undefined) continue;
    const block = blocks.placeOf(fact.cluster);
    requests += 1;
    add(before, block, fact.paidNanoUsd);
    add(after, block, cost);
    if (target !== fact.target && !fact.isServed) moved += 1;
    quality.add(block, fact, target);
    service.add(fact, target);
  }
  return {
    policy,
    requests,
    share: looked === 0 ? 0 : requests / looked,
    beforeNanoUsd: total(before),
    afterNanoUsd: total(after),
    saving: blocks.interval([before, after], ([was = 0, willBe = 0]) => (was > 0 ? 1 - willBe / was : Number.NaN)),
    moved: requests === 0 ? 0 : moved / requests,
    quality: qualityBy(policy, moved, () => quality.quality(requests, spreads)),
    service: service.service(failing),
  };
}

function costBy(policy: Policy, fact: Fact, target: string): number | undefined {
  if (fact.isServed || (policy.hasCache && fact.isRepeat)) return 0;
  const answer = target === fact.target ? fact.paidNanoUsd : fact.costs.get(target);
  const more = policy.moreNanoUsd(fact);
  return answer === undefined || more === undefined ? undefined : answer + more;
}

/** Of the better answers of a cascade nothing is known beforehand. */
function qualityBy(policy: Policy, moved: number, measured: () => Quality): Quality {
  if (policy.kind === 'cascade') return { kind: 'unknown', missing: ['what users say of answers of a cascade'] };
  return moved === 0 ? { kind: 'same' } : measured();
}

/** Requests that would move from one target to another. */
interface Move {
  readonly from: string;
  readonly to: string;
  moved: number;
}

/**
 * For each two targets between which requests would move: how good answers of the one and of the other were, to such
 * requests as the policy sends to the second.
 */
class QualitySums {
  readonly #blocks: Blocks;
  readonly #labels = new Map<string, Labels>();
  readonly #moves = new Map<string, Move>();

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
  }

  add(block: number, fact: Fact, to: string): void {
    if (fact.isServed) return;
    if (fact.label !== undefined) {
      const labels = this.#labelsAt(to, fact.target);
      add(labels.sum, block, fact.label);
      add(labels.count, block, 1);
      labels.squares += fact.label ** 2;
    }
    if (fact.target === to) return;
    const name = JSON.stringify([fact.target, to]);
    const known = this.#moves.get(name) ?? { from: fact.target, to, moved: 0 };
    this.#moves.set(name, known);
    known.moved += 1;
  }

  /** @param requests all that are looked at, those that stay where they are too */
  quality(requests: number, spreads: number): Quality {
    const moves = [...this.#moves.values()];
    const missing = moves.flatMap(({ from, to }) =>
      [to, from].flatMap((target) => {
        const known = labelled(this.#labelsAt(to, target));
        return known < LEAST_LABELS ? [`${target} on such requests (${known} of ${LEAST_LABELS})`] : [];
      }),
    );
    if (missing.length > 0) return { kind: 'unknown', missing: [...new Set(missing)] };
    const terms = moves.flatMap(({ from, to, moved }): Term[] => [
      [this.#labelsAt(to, to), moved / requests],
      [this.#labelsAt(to, from), -moved / requests],
    ]);
    const labels = [...new Set(terms.map(([one]) => one))].reduce((sum, { count }) => sum + total(count), 0);
    const needed = labelsFor(terms, spreads, MARGIN);
    return { kind: 'measured', difference: labelDifference(terms, spreads), labels, needed };
  }

  /** Of the answers of a target, to requests that the policy sends to `to`. */
  #labelsAt(to: string, target: string): Labels {
    const name = JSON.stringify([to, target]);
    const known = this.#labels.get(name) ?? { sum: this.#blocks.column(), count: this.#blocks.column(), squares: 0 };
    this.#labels.set(name, known);
    return known;
  }
}

function add(column: Column, block: number, amount: number): void {
  column[block] = (column[block] ?? 0) + amount;
}

function total(column: Column): number {
  return column.reduce((sum, one) => sum + one, 0);
}
