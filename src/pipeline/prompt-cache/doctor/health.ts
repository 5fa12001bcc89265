import { DAY_MS } from '../../../core/units.ts';
import type { PromptGroup } from './prompt-group.ts';

/** `falling`: half of what it was before, or less. `low`: a fifth of the input and more could have been read and was not. */
export const STATES = ['ok', 'low', 'falling'] as const;
export type CacheHealth = (typeof STATES)[number];

/** What is meant by now: long enough for some requests, short enough to see a change. */
export const NOW_MS = 15 * 60_000;
/** Fewer say nothing: ten short prompts. */
const ENOUGH_TOKENS = 20_000;
const LOW_SHARE = 0.2;
/** A cache that was hardly used cannot fall. */
const LEAST_RATE = 0.2;
const FALLEN = 0.5;
const RECOVERED = 0.75;

/** Shares of input tokens that were read from the cache; undefined where there were none. */
export interface HitRates {
  readonly now: number | undefined;
  readonly day: number | undefined;
}

export function hitRates({ tokens }: PromptGroup, nowMs: number): HitRates {
  return { now: share(tokens.over(NOW_MS, nowMs), 1), day: share(tokens.over(DAY_MS, nowMs), 1) };
}

export function healthOf(group: PromptGroup, nowMs: number): CacheHealth {
  if (group.fellFrom !== undefined) return 'falling';
  const lost =
    share(group.judged.over(NOW_MS, nowMs), ENOUGH_TOKENS) ?? share(group.judged.over(DAY_MS, nowMs), ENOUGH_TOKENS);
  return lost !== undefined && lost >= LOW_SHARE ? 'low' : 'ok';
}

/**
 * Looks whether the hit rate fell by half or more against the day before, or that is over: it is good again, or has been
 * like that for so long that the day before is no better, or nearly nothing was asked for a day.
 * @returns undefined where too little is known to say
 */
export function lookAtFall(group: PromptGroup, nowMs: number): 'fell' | 'good' | undefined {
  const latest = group.tokens.over(NOW_MS, nowMs);
  const now = share(latest, ENOUGH_TOKENS);
  const [cached, input] = group.tokens.over(DAY_MS, nowMs);
  const earlier = share([cached - latest[0], input - latest[1]], ENOUGH_TOKENS);
  if (group.fellFrom !== undefined) {
    if (!isOver(group.fellFrom, now, earlier)) return now === undefined ? undefined : 'fell';
    group.fellFrom = undefined;
    return 'good';
  }
  if (now === undefined || earlier === undefined) return undefined;
  if (earlier < LEAST_RATE || now > earlier * FALLEN) return 'good';
  group.fellFrom = earlier;
  return 'fell';
}

/** `now` is the rate of the last minutes, `earlier` that of the day before them; undefined where little was asked. */
function isOver(fellFrom: number, now: number | undefined, earlier: number | undefined): boolean {
  if (earlier === undefined) return true;
  if (now === undefined) return false;
  return now >= fellFrom * RECOVERED || now >= earlier * RECOVERED || earlier < LEAST_RATE;
}

function share([part, whole]: readonly [number, number], enough: number): number | undefined {
  return whole < enough ? undefined : part / whole;
}
