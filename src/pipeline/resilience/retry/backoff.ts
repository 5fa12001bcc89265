import type { RetrySettings } from './settings.ts';

/** What is added at random to a wait that a provider asked for, as a share of it. */
const SPREAD = 0.1;

export interface Backoff {
  /** How many retries there were before this one. */
  readonly retries: number;
  /** What the provider asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** From 0 to just under 1. */
  readonly random: () => number;
}

/**
 * How long to wait before a retry, in milliseconds; undefined where the provider asks for longer than anybody waits.
 *
 * A random part of a bound that doubles with every retry ("full jitter"), so that requests which failed together do
 * not come back together. It is never shorter than what the provider asked for, to which up to a tenth is added for
 * the same reason.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(
  { baseDelay, maxDelay }: Pick<RetrySettings, 'baseDelay' | 'maxDelay'>,
  { retries, retryAfterMs = 0, random }: Backoff,
): number | undefined {
  if (retryAfterMs > maxDelay) return undefined;
  const own = random() * Math.min(maxDelay, baseDelay * 2 ** retries);
  return Math.max(own, retryAfterMs * (1 + SPREAD * random()));
}
