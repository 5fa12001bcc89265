import { type ArmSums, groupOf, noteRequest, noteScore } from '../../src/pipeline/rollouts/statistics/moments.ts';
import { hashText, seededRandom } from '../../src/models/simulator/random.ts';

/** How one arm answers. */
export interface Behaviour {
  readonly errorRate: number;
  /** Of a typical answer. */
  readonly latencyMs: number;
  readonly costNanoUsd: number;
  /** The part of the feedback that is good. */
  readonly liked: number;
}

export const BASE: Behaviour = { errorRate: 0.005, latencyMs: 900, costNanoUsd: 400_000, liked: 0.85 };

/** Standard deviations of the logarithms; the mean of a cost is above its typical value. */
const LATENCY_SPREAD = 0.6;
const COST_SPREAD = 0.8;
const TTFT_PART = 0.3;
const TTFT_SPREAD = 0.5;
/** How many answers somebody says something of. */
const FEEDBACK_RATE = 0.05;
/** How much more the busy users ask: the n-th asks n^-0.6 times as often as the first. */
const BUSY = 0.6;

export interface User {
  /** Where the hash puts it, 0 to 1. */
  readonly place: number;
  readonly group: number;
  /** How much its requests differ from others', a standard normal value. */
  readonly leaning: number;
  /** Whether it was not seen before. */
  readonly isNew: boolean;
}

/** Who asks. */
export interface Crowd {
  readonly users: number;
  /** How much they differ: the standard deviation of the logarithms of what they take and cost, and of their log-odds to like an answer. */
  readonly unlike: number;
}

export const CROWD: Crowd = { users: 4000, unlike: 0 };

/** One run of traffic: who asks, and what came of it. */
export class Traffic {
  readonly #random: () => number;
  readonly #run: number;
  readonly #seen = new Set<number>();
  readonly #busy: readonly number[];
  readonly #unlike: number;

  constructor(seed: number, { users, unlike }: Crowd) {
    this.#run = seed;
    this.#unlike = unlike;
    this.#random = seededRandom(hashText(`traffic ${seed}`));
    this.#busy = busyUsers(users);
  }

  next(): User {
    const user = firstAbove(this.#busy, this.#random() * (this.#busy.at(-1) ?? 1));
    const isNew = !this.#seen.has(user);
    this.#seen.add(user);
    const random = seededRandom(hashText(`${this.#run}/${user}`));
    return {
      place: random(),
      group: groupOf(String(user)),
      leaning: this.#unlike === 0 ? 0 : normal(random) * this.#unlike,
      isNew,
    };
  }

  /** One request answered, noted in the sums. */
  answer(sums: ArmSums, { errorRate, latencyMs, costNanoUsd, liked }: Behaviour, { leaning, group }: User): void {
    const random = this.#random;
    const heavy = Math.exp(leaning);
    if (random() < errorRate) {
      noteRequest(sums, { group, isError: true });
      return;
    }
    noteRequest(sums, {
      group,
      isError: false,
      costNanoUsd: Math.round(costNanoUsd * heavy * Math.exp(COST_SPREAD * normal(random))),
      latencyMs: latencyMs * heavy * Math.exp(LATENCY_SPREAD * normal(random)),
      ttftMs: latencyMs * heavy * TTFT_PART * Math.exp(TTFT_SPREAD * normal(random)),
    });
    if (random() < FEEDBACK_RATE)
      noteScore(sums, 'feedback', random() < liked / (liked + (1 - liked) * heavy) ? 1 : 0, group);
  }
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const known = new Map<number, readonly number[]>();

/** For each user the sum of how often it and those before it ask. */
function busyUsers(users: number): readonly number[] {
  const before = known.get(users);
  if (before !== undefined) return before;
  let sum = 0;
  const sums = Array.from({ length: users }, (_, at) => (sum += 1 / (at + 1) ** BUSY));
  known.set(users, sums);
  return sums;
}

function firstAbove(values: readonly number[], least: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= least) low = middle + 1;
    else high = middle;
  }
  return low;
}
