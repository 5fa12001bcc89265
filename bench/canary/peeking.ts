import { compare } from '../../src/pipeline/rollouts/statistics/compare.ts';
import { type ArmSums, emptySums, noteRequest, noteScore } from '../../src/pipeline/rollouts/statistics/moments.ts';
import { mismatchEvidence } from '../../src/pipeline/rollouts/statistics/ratio-check.ts';
import { type Verdict, type VerdictOptions, verdictOf } from '../../src/pipeline/rollouts/statistics/verdict.ts';
import { seededRandom } from '../../src/models/simulator/random.ts';
import { BASE, type Crowd, Traffic, normal } from './traffic.ts';

/** How often tests say that two equal arms differ, where somebody looks all the time. */

export interface PeekingCase {
  readonly name: string;
  /** Of the candidate, 0 to 1. */
  readonly share: number;
  readonly requests: number;
  readonly metric: 'errors' | 'feedback' | 'latency' | 'cost';
  /** The rate of hits, or the standard deviation of the logarithm. */
  readonly parameter: number;
}

/** Equal shares, looked at after each request; and one in a hundred, after each of the candidate and each tenth of the others. */
export function peekingCases(): PeekingCase[] {
  const of = (metric: PeekingCase['metric'], name: string, parameters: readonly number[]): PeekingCase[] =>
    parameters.flatMap((parameter) => [
      { name: `${name} ${parameter}`, metric, parameter, share: 0.5, requests: 5000 },
      { name: `${name} ${parameter}`, metric, parameter, share: 0.01, requests: 50_000 },
    ]);
  return [
    ...of('errors', 'errors, exact, rate', [0.01, 0.2, 0.85]),
    ...of('feedback', 'scores, rate of good', [0.01, 0.2, 0.85]),
    ...of('latency', 'latency, lognormal, sigma', [1]),
    ...of('cost', 'cost, lognormal, sigma', [1, 1.5]),
  ];
}

/** Whether a test of both sides, each at half of alpha, ever says that the arms differ. */
export function everDiffers(peeking: PeekingCase, alpha: number, seed: number): boolean {
  const { metric, share, requests } = peeking;
  const random = seededRandom(seed);
  const [candidate, control] = [emptySums(), emptySums()];
  const comparison = compare.bind(undefined, metric, [{ candidate, control }], 'relative');
  const needed = Math.log(2 / alpha);
  for (let at = 0; at < requests; at += 1) {
    const isCandidate = random() < share;
    note(isCandidate ? candidate : control, peeking, random);
    if (share < SMALL && !isCandidate && at % SELDOM !== 0) continue;
    const now = comparison();
    if (now.evidence('above', 0, alpha / 2) >= needed || now.evidence('below', 0, alpha / 2) >= needed) return true;
  }
  return false;
}

const SMALL = 0.1;
const SELDOM = 10;

function note(sums: ArmSums, { metric, parameter }: PeekingCase, random: () => number): void {
  if (metric === 'feedback') noteScore(sums, 'feedback', random() < parameter ? 1 : 0);
  else if (metric === 'errors') noteRequest(sums, { isError: random() < parameter });
  else if (metric === 'latency') noteRequest(sums, { isError: false, latencyMs: Math.exp(parameter * normal(random)) });
  else noteRequest(sums, { isError: false, costNanoUsd: Math.exp(parameter * normal(random)) });
}

/** Whether the check of the ratio ever says that users drawn as planned were not. */
export function everMismatches(weights: readonly number[], users: number, alpha: number, seed: number): boolean {
  const random = seededRandom(seed);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map(() => 0);
  for (let user = 0; user < users; user += 1) {
    let place = random() * all;
    const arm = weights.findIndex((weight) => (place -= weight) < 0);
    counts[arm] = (counts[arm] ?? 0) + 1;
    if (mismatchEvidence([{ weights, counts }]) >= Math.log(1 / alpha)) return true;
  }
  return false;
}

export interface ExperimentCase {
  readonly name: string;
  readonly weights: readonly number[];
  readonly crowd: Crowd;
}

const EXPERIMENT_REQUESTS = 10_000;
const LOOK_EVERY = 50;

/** Whether the verdict on equal arms ever says, of any arm and metric, that it is better or worse, or a mismatch. */
export function everWrong({ weights, crowd }: ExperimentCase, alpha: number, seed: number): boolean {
  const traffic = new Traffic(seed, crowd);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sums = weights.map(emptySums);
  const drawn = weights.map(() => 0);
  const options: VerdictOptions = { arms: weights.map((_, at) => `arm${at}`), goal: 'cost', alpha, margin: 0.02 };
  for (let request = 1; request <= EXPERIMENT_REQUESTS; request += 1) {
    const user = traffic.next();
    let place = user.place * total;
    const arm = weights.findIndex((weight) => (place -= weight) < 0);
    if (user.isNew) drawn[arm] = (drawn[arm] ?? 0) + 1;
    traffic.answer(sums[arm] ?? emptySums(), BASE, user);
    if (request % LOOK_EVERY === 0 && isWrong(verdictOf([{ weights, sums, drawn }], options))) return true;
  }
  return false;
}

function isWrong({ state, findings }: Verdict): boolean {
  return state === 'mismatch' || findings.some(({ relation }) => relation === 'better' || relation === 'worse');
}

/** A fixed test at 1.96 standard deviations on the same data, for comparison: what looking all the time does to it. */
export function everDiffersNaively(peeking: PeekingCase, seed: number): boolean {
  const random = seededRandom(seed);
  const [candidate, control] = [emptySums(), emptySums()];
  for (let at = 0; at < peeking.requests; at += 1) {
    note(random() < peeking.share ? candidate : control, peeking, random);
    const { n, sum, sumSquares } = candidate.latency;
    const other = control.latency;
    if (n < 20 || other.n < 20) continue;
    const variance =
      (sumSquares / n - (sum / n) ** 2) / n + (other.sumSquares / other.n - (other.sum / other.n) ** 2) / other.n;
    if (Math.abs(sum / n - other.sum / other.n) > 1.96 * Math.sqrt(variance)) return true;
  }
  return false;
}
