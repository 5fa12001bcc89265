import type { Usage } from '../../core/usage.ts';

/** How one request was answered by one target. Milliseconds. */
export interface Sample {
  readonly usage: Usage;
  readonly latencyMs: number;
  readonly ttftMs: number | undefined;
}

/** From a part of the answers to another, 0 to 1, where they stand in the order of their lengths. */
export type Places = readonly [from: number, to: number];

const ALL: Places = [0, 1];

/** Answers of one target to requests that are alike, by their lengths. */
export class AnswerLengths {
  readonly #samples: readonly Sample[];

  /** @param samples at least one */
  constructor(samples: readonly Sample[]) {
    this.#samples = samples.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  }

  /** Where answers of that length stand; equal ones share their places. */
  placesOf(length: number): Places {
    const [from, to] = [this.#countBelow(length), this.#countBelow(length + 1)];
    return [from / this.#samples.length, to / this.#samples.length];
  }

  /**
   * The answer at one of these places, as long as all that stand there are on average: what they cost together is then
   * no matter of chance.
   * @param drawn which of them, 0 to below 1
   */
  at([from, to]: Places = ALL, drawn: number): Sample | undefined {
    const count = this.#samples.length;
    const first = Math.min(count - 1, Math.floor(from * count));
    const after = Math.max(first + 1, Math.min(count, Math.ceil(to * count)));
    const there = this.#samples.slice(first, after);
    const one = there[Math.floor(drawn * there.length)];
    const mean = there.reduce((sum, sample) => sum + lengthOf(sample), 0) / there.length;
    return one && asLong(one, mean);
  }

  #countBelow(length: number): number {
    const first = this.#samples.findIndex((one) => lengthOf(one) >= length);
    return first < 0 ? this.#samples.length : first;
  }
}

function lengthOf({ usage }: Sample): number {
  return usage.outputTokens ?? 0;
}

function asLong(sample: Sample, length: number): Sample {
  const { outputTokens, reasoningOutputTokens } = sample.usage;
  if (!outputTokens) return sample;
  const reasoning = reasoningOutputTokens && Math.round((reasoningOutputTokens * length) / outputTokens);
  return {
    ...sample,
    usage: {
      ...sample.usage,
      outputTokens: Math.round(length),
      ...(reasoning !== undefined && { reasoningOutputTokens: reasoning }),
    },
  };
}
