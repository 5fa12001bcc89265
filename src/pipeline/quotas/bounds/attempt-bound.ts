import type { NanoUsd } from '../../../core/money.ts';

/** What is certain not to be exceeded; undefined where nothing bounds it. */
export interface Amounts {
  /** Input and output together. */
  readonly tokens: number | undefined;
  readonly nanoUsd: NanoUsd | undefined;
}

/** The most that one attempt at one target may use, and be billed for. */
export interface AttemptBound extends Amounts {
  /** The longest answer that this counts with, of one choice and reasoning included; undefined where there is none, as of embeddings. */
  readonly maxOutputTokens: number | undefined;
  /** The same with answers of at most so many tokens. */
  within(maxOutputTokens: number): Amounts;
}
