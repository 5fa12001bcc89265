import type { Blocks, Column, Interval } from './blocks.ts';
import type { Fact } from './fact.ts';
import type { Policy } from './policies.ts';

/** What is known of how good answers would be by a policy, beside those that there were. Points, 0.01 is one of 100. */
export type Quality =
  /** The same targets answer. */
  | { readonly kind: 'same' }
  /** Too few labels. */
  | { readonly kind: 'unknown'; readonly missing: readonly string[] }
  | { readonly kind: 'measured'; readonly difference: Interval; readonly labels: number };

/** A policy on this traffic. */
export interface Evaluation {
  readonly policy: Policy;
  /** Requests of which it is known what it would cost. */
  readonly requests: number;
  /** Of all that were looked at. */
  readonly share: number;
  readonly beforeNanoUsd: number;
  readonly afterNanoUsd: number;
  /** The part of the cost that is saved; below 0 where it costs more. */
  readonly saving: Interval;
  /** The part of the requests that would go to another target. */
  readonly moved: number;
  readonly quality: Quality;
}

/** Labels that each of the two targets has to have among the requests in question. */
const LEAST_LABELS = 20;

/** What a policy would have cost and saved, and at what quality. */
export function evaluate(policy: Policy, facts: readonly Fact[], blocks: Blocks): Evaluation {
  const before = blocks.column();
  const after = blocks.column();
  const counted = blocks.column();
  const quality = new QualitySums(blocks);
  let [requests, moved] = [0, 0];
  for (const fact of facts) {
    const target = policy.targetOf(fact);
    const cost = target === undefined ? undefined : costBy(policy, fact, target);
    if (target === undefined || cost === undefined) continue;
    const block = blocks.placeOf(fact.cluster);
    requests += 1;
    add(before, block, fact.paidNanoUsd);
    add(after, block, cost);
    add(counted, block, 1);
    if (target !== fact.target && !fact.isServed) moved += 1;
    quality.add(block, fact, target);
  }
  return {
    policy,
    requests,
    share: facts.length === 0 ? 0 : requests / facts.length,
    beforeNanoUsd: total(before),
    afterNanoUsd: total(after),
    saving: blocks.interval([before, after], ([was = 0, willBe = 0]) => (was > 0 ? 1 - willBe / was : Number.NaN)),
    moved: requests === 0 ? 0 : moved / requests,
    quality: qualityBy(policy, moved, counted, quality),
  };
}

function costBy(policy: Policy, fact: Fact, target: string): number | undefined {
  if (fact.isServed || (policy.hasCache && fact.isRepeat)) return 0;
  const answer = target === fact.target ? fact.paidNanoUsd : fact.costs.get(target);
  const more = policy.moreNanoUsd(fact);
  return answer === undefined || more === undefined ? undefined : answer + more;
}

/** Of the better answers of a cascade nothing is known beforehand. */
function qualityBy(policy: Policy, moved: number, counted: Column, sums: QualitySums): Quality {
  if (policy.kind === 'cascade') return { kind: 'unknown', missing: ['what users say of answers of a cascade'] };
  return moved === 0 ? { kind: 'same' } : sums.quality(counted);
}

interface Move {
  readonly from: string;
  readonly to: string;
  /** Requests that would move. */
  readonly moved: Column;
  readonly sums: { readonly at: Labelled; readonly from: Labelled };
}

/** Labels of answers of one target, among the requests that a policy sends to one. */
interface Labelled {
  readonly sum: Column;
  readonly count: Column;
}

/**
 * For each two targets between which requests would move: how good answers of the one and of the other were, to such
 * requests as the policy sends to the second.
 */
class QualitySums {
  readonly #blocks: Blocks;
  readonly #labelled = new Map<string, Labelled>();
  readonly #moved = new Map<string, { from: string; to: string; moved: Column }>();

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
  }

  add(block: number, fact: Fact, to: string): void {
    if (fact.isServed) return;
    if (fact.label !== undefined) {
      const labelled = this.#labelledAt(to, fact.target);
      add(labelled.sum, block, fact.label);
      add(labelled.count, block, 1);
    }
    if (fact.target === to) return;
    const name = JSON.stringify([fact.target, to]);
    const known = this.#moved.get(name) ?? { from: fact.target, to, moved: this.#blocks.column() };
    this.#moved.set(name, known);
    add(known.moved, block, 1);
  }

  quality(counted: Column): Quality {
    const moves = [...this.#moved.values()].map(({ from, to, moved }): Move => {
      return { from, to, moved, sums: { at: this.#labelledAt(to, to), from: this.#labelledAt(to, from) } };
    });
    const missing = moves.flatMap(({ from, to, sums }) => [
      ...(total(sums.at.count) < LEAST_LABELS
        ? [`${to} on such requests (${total(sums.at.count)} of ${LEAST_LABELS})`]
        : []),
      ...(total(sums.from.count) < LEAST_LABELS
        ? [`${from} on such requests (${total(sums.from.count)} of ${LEAST_LABELS})`]
        : []),
    ]);
    if (missing.length > 0) return { kind: 'unknown', missing: [...new Set(missing)] };
    const columns = moves.flatMap(({ moved, sums: { at, from } }) => [moved, at.sum, at.count, from.sum, from.count]);
    const difference = this.#blocks.interval([counted, ...columns], ([all = 0, ...sums]) => differenceOf(all, sums));
    const labels = moves.reduce((sum, { sums }) => sum + total(sums.at.count) + total(sums.from.count), 0);
    return { kind: 'measured', difference, labels };
  }

  /** Of the answers of a target, to requests that the policy sends to `to`. */
  #labelledAt(to: string, target: string): Labelled {
    const name = JSON.stringify([to, target]);
    const known = this.#labelled.get(name) ?? { sum: this.#blocks.column(), count: this.#blocks.column() };
    this.#labelled.set(name, known);
    return known;
  }
}

/** Five sums for each move: how many, and the labels of both targets. */
function differenceOf(all: number, sums: readonly number[]): number {
  let difference = 0;
  for (let at = 0; at < sums.length; at += 5) {
    const [moved = 0, atSum = 0, atCount = 0, fromSum = 0, fromCount = 0] = sums.slice(at, at + 5);
    difference += (moved / all) * (atSum / atCount - fromSum / fromCount);
  }
  return difference;
}

function add(column: Column, block: number, amount: number): void {
  column[block] = (column[block] ?? 0) + amount;
}

function total(column: Column): number {
  return column.reduce((sum, one) => sum + one, 0);
}
