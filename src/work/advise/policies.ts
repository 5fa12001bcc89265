import { INSTRUCTION } from '../../pipeline/routing/complexity/model/prompt.ts';
import { USUAL_THRESHOLDS } from '../../pipeline/routing/complexity/complexity.ts';
import type { Fact } from './fact.ts';

type PolicyKind = 'all-on' | 'rules' | 'embedding' | 'model' | 'cascade' | 'cache';

/** Two targets, of which the small one is cheaper for this traffic. */
export interface Pair {
  readonly small: string;
  readonly large: string;
}

/** What could be done with the requests of a model. */
export interface Policy {
  readonly kind: PolicyKind;
  /** For people. */
  readonly name: string;
  readonly pair?: Pair;
  /** Scores below go to the small one. */
  readonly threshold?: number;
  /** With the exact cache before it. */
  readonly hasCache: boolean;
  /** As it is set up by default: what may be tried where nothing is known of its quality. */
  readonly isUsual: boolean;
  /** Its cost rests on something that was not measured: how a classifier would decide. */
  readonly isAssumed: boolean;
  /** It is judged by these alone: with examples, by those that were drawn. */
  isAbout(fact: Fact): boolean;
  /** Where the request goes; undefined where that cannot be said. */
  targetOf(fact: Fact): string | undefined;
  /** What is paid beside the answer. Nano-dollars. */
  moreNanoUsd(fact: Fact): number | undefined;
  /** A cascade: the part of the answers of the small one that would not do. */
  readonly escalated?: number;
}

/** Nano-dollars for a token of input and of output at the model that is asked. */
export interface AskPrice {
  readonly input: number;
  readonly output: number;
}

export interface PolicyFacts {
  readonly targets: readonly string[];
  readonly pairs: readonly Pair[];
  readonly hasScores: boolean;
  readonly hasExamples: boolean;
  /** Of the small targets. */
  readonly askPrices: ReadonlyMap<string, AskPrice>;
  /** By the small target; missing where no cascade was recorded. */
  readonly escalated: ReadonlyMap<string, number>;
  /** The exact cache is on already. */
  readonly isCached: boolean;
}

const THRESHOLDS = [0.15, 0.25, 0.35, 0.5, 0.65, 0.75] as const;
const USUAL = USUAL_THRESHOLDS.complex;

/** All that is looked at, each alone and, where it is not on already, with the exact cache. */
export function policiesOf(facts: PolicyFacts): Policy[] {
  const plain = [...allOn(facts), ...facts.pairs.flatMap((pair) => ofPair(pair, facts))];
  if (facts.isCached) return plain;
  const asItIs: Policy = {
    ...BASE,
    kind: 'cache',
    name: 'exact cache',
    hasCache: true,
    isUsual: true,
    targetOf: sameOf,
  };
  return [asItIs, ...plain, ...plain.map(withCache)];
}

const sameOf = (fact: Fact): string => fact.target;
const BASE = { hasCache: false, isUsual: false, isAssumed: false, isAbout: () => true, moreNanoUsd: () => 0 } as const;

function withCache(policy: Policy): Policy {
  return { ...policy, name: `${policy.name}, with the exact cache`, hasCache: true };
}

function allOn({ targets }: PolicyFacts): Policy[] {
  return targets.map((target) => {
    const pair = { small: target, large: target };
    return { ...BASE, kind: 'all-on', name: `everything on ${target}`, pair, targetOf: () => target };
  });
}

function ofPair(pair: Pair, { hasScores, hasExamples, askPrices, escalated }: PolicyFacts): Policy[] {
  const policies: Policy[] = [];
  const words = `${pair.small}, the rest on ${pair.large}`;
  const bySplit = (of: (fact: Fact) => number | undefined, threshold: number): Policy['targetOf'] => {
    return (fact) => {
      const score = of(fact);
      return score === undefined ? undefined : score < threshold ? pair.small : pair.large;
    };
  };
  for (const threshold of hasScores ? THRESHOLDS : []) {
    policies.push({
      ...BASE,
      kind: 'rules',
      name: `rules below ${threshold} on ${words}`,
      pair,
      threshold,
      isUsual: threshold === USUAL,
      targetOf: bySplit(({ score }) => score, threshold),
    });
  }
  for (const threshold of hasExamples ? THRESHOLDS : []) {
    policies.push({
      ...BASE,
      kind: 'embedding',
      name: `examples below ${threshold} on ${words}`,
      pair,
      threshold,
      isUsual: threshold === USUAL,
      isAbout: ({ byExamples }) => byExamples !== undefined,
      targetOf: bySplit(({ byExamples }) => (byExamples === 'unclear' ? undefined : byExamples), threshold),
    });
  }
  const price = askPrices.get(pair.small);
  if (hasScores && price) {
    policies.push({
      ...BASE,
      kind: 'model',
      name: `${pair.small} asked first, simple ones on ${words}`,
      pair,
      threshold: USUAL,
      isAssumed: true,
      targetOf: bySplit(({ score }) => score, USUAL),
      moreNanoUsd: (fact) => askCost(fact, price),
    });
  }
  const share = escalated.get(pair.small);
  if (share !== undefined) policies.push(cascadeOf(pair, share));
  return policies;
}

/** The large answer is paid for as often as the small one would not do. */
function cascadeOf(pair: Pair, escalated: number): Policy {
  return {
    ...BASE,
    kind: 'cascade',
    name: `cascade from ${pair.small} to ${pair.large}`,
    pair,
    isUsual: true,
    escalated,
    targetOf: () => pair.small,
    moreNanoUsd(fact) {
      const large = fact.costs.get(pair.large);
      return large === undefined ? undefined : large * escalated;
    },
  };
}

const CHARS_PER_TOKEN = 4;
/** One word, and what stands around it. */
const ANSWER_TOKENS = 5;
const FRAME_TOKENS = 30;

/** What asking a classifier about the request costs, nano-dollars. */
export function askCost({ shownChars }: Pick<Fact, 'shownChars'>, { input, output }: AskPrice): number {
  const tokens = (INSTRUCTION.length + shownChars) / CHARS_PER_TOKEN + FRAME_TOKENS;
  return tokens * input + ANSWER_TOKENS * output;
}
