/** `x-causeway-priority` goes from 0 to 9. */
export const PRIORITIES = 10;

const DEFAULT_PRIORITY = 5;

/**
 * How likely a request is to be refused. The pressure, 0 to 1, moves a cut through the priorities: those below the cut
 * are refused, those above it admitted, and of the one that it stands in a share that grows with the pressure, so that
 * a whole class of requests is never switched off and on:
 *
 *     chance(priority) = clamp(10 × pressure − priority, 0, 1)
 *
 * At 0.05 half of priority 0 is refused; at 0.55 all of 0 to 4 and half of 5; priority 9 comes last, from 0.9.
 * Priorities with a moving cut are WeChat's DAGOR; a cut that follows how far the load is between its threshold and its
 * limit is Netflix's.
 *
 * @see https://arxiv.org/abs/1806.04075 (DAGOR)
 * @see https://arthur.gonigberg.com/2020/11/15/proritized-load-shedding (Netflix; checked 2026-11-21)
 */
export function refusalChance(pressure: number, priority: number): number {
  return Math.min(1, Math.max(0, pressure * PRIORITIES - priority));
}

/** Never sooner, since what caused the overload takes a moment to drain. */
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * When a refused request may try again, in milliseconds. An overload that has lasted for a while is likely to last as
 * long again, and one of which little is refused lets the next attempt through sooner; beyond that the wait is spread
 * over as much time again, so that what was refused together does not come back together.
 * @param chance of a refusal, 0 to 1
 * @param spread 0 to 1, drawn for each request
 */
export function retryAfterMs(lastedMs: number, chance: number, spread: number): number {
  const wait = lastedMs * chance * (1 + spread);
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, wait));
}

/** By the header alone: the body is not looked at. One that cannot be read is refused later, for what it is. */
export function priorityOf(value: string | undefined): number {
  return value !== undefined && /^\d$/.test(value) ? Number(value) : DEFAULT_PRIORITY;
}
