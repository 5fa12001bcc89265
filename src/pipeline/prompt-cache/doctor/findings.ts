import type { NanoUsd } from '../../../core/money.ts';
import type { ChangeKind } from './change-kind.ts';
import type { ChangeShape, Divergence } from './compare.ts';
import type { PromptPart } from './segments.ts';
import type { DescribedChange, ShownTexts } from './shown-change.ts';

/** A place at which prompts change, and what that has cost. Times are epoch milliseconds. */
export interface Finding {
  readonly segment: string;
  readonly part: PromptPart;
  readonly shape: ChangeShape;
  readonly kind: ChangeKind;
  /** Of the latest example: the first byte of the segment's text that differs. */
  readonly byteOffset: number;
  /** False where it lies beyond what is kept of a prompt: at least so far are they the same. */
  readonly isExact: boolean;
  /** Of the latest example; undefined where no texts of the project are kept. */
  readonly shown: ShownTexts | undefined;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Requests that were hit by it. */
  readonly requests: number;
  readonly lostTokens: number;
  /** Undefined where a price is unknown. */
  readonly lostNanoUsd: NanoUsd | undefined;
}

export interface Loss {
  readonly lostTokens: number;
  readonly lostNanoUsd: NanoUsd | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Of one group of requests. */
const MOST_FINDINGS = 16;
/** Differences of the same kind that are as near to each other are the same place. */
const NEAR_BYTES = 64;

/** The places at which the prompts of one group change; those that were not seen for longest are forgotten first. */
export class Findings {
  #all: Finding[] = [];

  add(divergence: Divergence, { kind, shown }: DescribedChange, loss: Loss): void {
    const { later, shape, byteOffset, isExact } = divergence;
    const { name: segment, part } = later;
    const known = this.#all.find(
      (one) =>
        one.segment === segment &&
        one.kind === kind &&
        one.shape === shape &&
        Math.abs(one.byteOffset - byteOffset) <= NEAR_BYTES,
    );
    const others = this.#all.filter((one) => one !== known).slice(1 - MOST_FINDINGS);
    this.#all = [
      ...others,
      {
        segment,
        part,
        shape,
        kind,
        byteOffset,
        isExact,
        shown,
        firstAt: known?.firstAt ?? loss.at,
        lastAt: loss.at,
        requests: (known?.requests ?? 0) + 1,
        lostTokens: (known?.lostTokens ?? 0) + loss.lostTokens,
        lostNanoUsd: known ? sum(known.lostNanoUsd, loss.lostNanoUsd) : loss.lostNanoUsd,
      },
    ];
  }

  /** Those seen since then, the one that lost most first. @param since epoch milliseconds */
  since(since: number): readonly Finding[] {
    this.#all = this.#all.filter(({ lastAt }) => lastAt >= since);
    return this.#all.toSorted((a, b) => b.lostTokens - a.lostTokens);
  }
}

/** What is not known of a part is not known of the whole. */
export function sum(a: NanoUsd | undefined, b: NanoUsd | undefined): NanoUsd | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
