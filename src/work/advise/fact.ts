import type { NanoUsd } from '../../core/money.ts';

/** A recorded request, as far as advice depends on it. */
export interface Fact {
  readonly traceId: string;
  /** Requests that are not independent of each other have the same: those of a conversation, else of a user's day. */
  readonly cluster: string;
  /** Who answered. */
  readonly target: string;
  /** What was paid for it. */
  readonly paidNanoUsd: NanoUsd;
  /** It was answered from a cache, and would be by any policy. */
  readonly isServed: boolean;
  /** What it would cost at each target that is looked at; one that is missing is not known. */
  readonly costs: ReadonlyMap<string, NanoUsd>;
  /** How long the client waited. */
  readonly latencyMs: number;
  /** How long other targets take for requests like it; one that is missing is not known. */
  readonly latenciesMs?: ReadonlyMap<string, number>;
  /** How demanding it is by the rules, 0 to 1; undefined where its text was not kept. */
  readonly score: number | undefined;
  /** The same by examples; 'unclear' where there are too few, or none is near; undefined where it was not asked for. */
  readonly byExamples: number | 'unclear' | undefined;
  /** Characters that a classifier would be shown. */
  readonly shownChars: number;
  /** The same was asked before, within the time that the exact cache would keep it. */
  readonly isRepeat: boolean;
  /** How good the answer was, 0 to 1; undefined where nobody said. */
  readonly label: number | undefined;
}
