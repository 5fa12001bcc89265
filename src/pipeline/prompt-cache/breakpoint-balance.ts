import type { Usage } from '../../core/usage.ts';

/**
 * What placed breakpoints have brought one group of requests: a pure value, changed by the two functions below.
 * Writing to a prompt cache costs a quarter more than plain input (for an hour, as much again) and reading nine tenths
 * less, so that what is written and not read again is a loss.
 */
export interface BreakpointBalance {
  /** Requests with breakpoints that were settled. */
  readonly placed: number;
  readonly readTokens: number;
  readonly writtenTokens: number;
  /** Of the written ones, those that are kept for an hour. */
  readonly written1hTokens: number;
  /** Requests without, since it was found to be losing. */
  readonly skipped: number;
}

export const NEW_BALANCE: BreakpointBalance = {
  placed: 0,
  readTokens: 0,
  writtenTokens: 0,
  written1hTokens: 0,
  skipped: 0,
};

/** Before so many it is not judged. */
const LEAST_PLACED = 20;
/**
 * So many go without before it is tried anew: with the next ones in a row, not one now and then, since what one writes
 * only the following ones can read. One request in twenty pays for finding out.
 */
const MOST_SKIPPED = 380;
/** After so many the past counts half. */
const HALF_LIFE = 200;

const READ_GAIN = 90;
const WRITE_LOSS = 25;
const WRITE_1H_LOSS = 100;

/** Whether more was lost than gained, in hundredths of the price of a token. */
export function isLosing({ placed, readTokens, writtenTokens, written1hTokens }: BreakpointBalance): boolean {
  const lost = WRITE_LOSS * (writtenTokens - written1hTokens) + WRITE_1H_LOSS * written1hTokens;
  return placed >= LEAST_PLACED && READ_GAIN * readTokens < lost;
}

/** A request comes: it has breakpoints placed where what comes back is no longer losing. */
export function nextRequest(balance: BreakpointBalance): BreakpointBalance {
  if (!isLosing(balance)) return balance;
  return balance.skipped >= MOST_SKIPPED ? NEW_BALANCE : { ...balance, skipped: balance.skipped + 1 };
}

/** A request with breakpoints was settled. */
export function settledWith(balance: BreakpointBalance, usage: Usage): BreakpointBalance {
  const share = balance.placed >= HALF_LIFE ? 0.5 : 1;
  const written = usage.cacheCreationInputTokens ?? 0;
  return {
    placed: balance.placed * share + 1,
    readTokens: balance.readTokens * share + (usage.cacheReadInputTokens ?? 0),
    writtenTokens: balance.writtenTokens * share + written,
    written1hTokens: balance.written1hTokens * share + Math.min(usage.cacheCreation1hInputTokens ?? 0, written),
    skipped: balance.skipped,
  };
}
