import { Blocks } from './blocks.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { Fact } from './fact.ts';
import { spreadsFor } from './label-difference.ts';
import { type AskPrice, type Pair, type Policy, policiesOf } from './policies.ts';
import { type Advice, recommend } from './recommend.ts';

/** What was recorded of one model, and what it could be answered by. */
export interface ModelTraffic {
  readonly model: string;
  /** Some of the requests whose cost is known, drawn by chance where there are too many. */
  readonly facts: readonly Fact[];
  /** Targets that are compared; each has a price. */
  readonly targets: readonly string[];
  readonly askPrices: ReadonlyMap<string, AskPrice>;
  readonly escalated: ReadonlyMap<string, number>;
  readonly isCached: boolean;
  /** The part of the attempts that fail, by target; of the others it is not known. */
  readonly failing?: ReadonlyMap<string, number>;
}

export interface ModelAdvice {
  readonly model: string;
  readonly requests: number;
  readonly labels: number;
  readonly costNanoUsd: number;
  /** What the traffic costs now at each target on average, and what it would cost; nano-dollars a request. */
  readonly perRequest: ReadonlyMap<string, number>;
  /** The cheapest first. */
  readonly evaluations: readonly Evaluation[];
  readonly advice: Advice;
  readonly pairs: readonly Pair[];
  /** Who answers most of them. */
  readonly main: string | undefined;
}

/** What each policy would have cost this traffic, and which one to use. */
export function adviseOn(traffic: ModelTraffic): ModelAdvice {
  const { model, facts, failing = new Map<string, number>() } = traffic;
  const perRequest = new Map(
    traffic.targets.flatMap((target) => {
      const mean = meanAt(facts, target);
      return mean === undefined ? [] : [[target, mean] as const];
    }),
  );
  const main = mainOf(facts);
  const pairs = pairsOf(perRequest, main);
  const policies = policiesOf({
    targets: [...perRequest.keys()],
    pairs,
    hasScores: facts.some(({ score }) => score !== undefined),
    hasExamples: facts.some(({ byExamples }) => typeof byExamples === 'number'),
    askPrices: traffic.askPrices,
    escalated: traffic.escalated,
    isCached: traffic.isCached,
  });
  const blocks = new Blocks(facts.map(({ cluster }) => cluster));
  const spreads = spreadsFor(policies.filter(isCompared).length);
  const evaluations = policies
    .map((policy) => evaluate(policy, facts, { blocks, spreads, failing }))
    .filter(({ requests }) => requests > 0)
    .toSorted((a, b) => b.saving.value - a.saving.value);
  return {
    model,
    requests: facts.length,
    labels: facts.filter(({ label }) => label !== undefined).length,
    costNanoUsd: facts.reduce((sum, { paidNanoUsd }) => sum + paidNanoUsd, 0),
    perRequest,
    evaluations,
    advice: recommend({ requests: facts.length, clusters: blocks.clusters, evaluations }),
    pairs,
    main,
  };
}

/** Its quality may be what decides. A cache before it changes nothing of that. */
function isCompared({ kind, hasCache, isAssumed }: Policy): boolean {
  return kind !== 'cascade' && !hasCache && !isAssumed;
}

/** Of all requests that were answered by somebody; undefined where none is known. */
function meanAt(facts: readonly Fact[], target: string): number | undefined {
  let [sum, count] = [0, 0];
  for (const { costs, isServed } of facts) {
    const cost = costs.get(target);
    if (cost === undefined || isServed) continue;
    sum += cost;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/** Who answers most of them. */
function mainOf(facts: readonly Fact[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { target } of facts) counts.set(target, (counts.get(target) ?? 0) + 1);
  return [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))[0]?.[0];
}

/** Every cheaper one beside the one that answers most, and beside the dearest. */
function pairsOf(perRequest: ReadonlyMap<string, number>, main: string | undefined): Pair[] {
  const dearest = [...perRequest].toSorted(([, a], [, b]) => b - a)[0]?.[0];
  const larges = [...new Set([dearest, main])].filter((one) => one !== undefined && perRequest.has(one));
  return larges.flatMap((large = '') => {
    const most = perRequest.get(large) ?? 0;
    return [...perRequest].filter(([, cost]) => cost < most).map(([small]) => ({ small, large }));
  });
}
