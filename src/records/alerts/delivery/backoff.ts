const FIRST_MS = 2000;
const LONGEST_MS = 120_000;
/** After that an alert is no news. */
export const GIVE_UP_MS = 10 * 60_000;

/**
 * How long to wait before the next try: doubled each time, spread by chance, and at least as long as the receiver asked.
 * @param attempts how many there were
 * @param random 0 to 1
 */
export function pauseMs(attempts: number, random: number, retryAfterMs = 0): number {
  const most = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return Math.max(Math.round(most * (0.5 + random / 2)), retryAfterMs);
}
