import { DAY_MS } from '../../../core/units.ts';

/** How far back the spend per day goes that is known beside the period's own. */
const HISTORY_DAYS = 7;
/** Nobody plans further ahead, and dates have an end. */
const FARTHEST_DAYS = 100 * 365;

/** How a budget of one subject stands; nano-dollars or tokens. */
export interface Spent {
  /** In this period. */
  readonly used: number;
  readonly limit: number;
  /** Of the period, epoch milliseconds; undefined where it never began or never ends. */
  readonly startsAt: number | undefined;
  readonly endsAt: number | undefined;
  /** A day, over the last seven; undefined where it is not known. */
  readonly recentPerDay: number | undefined;
}

export interface Forecast {
  /** Nano-dollars or tokens a day; undefined where nothing tells. */
  readonly burnRate: number | undefined;
  /** Epoch milliseconds at which the budget is used up if it goes on so; undefined where that is not in this period. */
  readonly exhaustedAt: number | undefined;
}

/** How fast a budget is being used, and when it would be used up. */
export function forecast(spent: Spent, now: number): Forecast {
  const { used, limit, endsAt } = spent;
  const burnRate = burnRateOf(spent, now);
  if (used >= limit) return { burnRate, exhaustedAt: now };
  if (burnRate === undefined || burnRate <= 0) return { burnRate, exhaustedAt: undefined };
  const days = (limit - used) / burnRate;
  const at = now + days * DAY_MS;
  const isWithin = days <= FARTHEST_DAYS && (endsAt === undefined || at < endsAt);
  return { burnRate, exhaustedAt: isWithin ? Math.round(at) : undefined };
}

/**
 * Once a period is a week old, the last seven days lie in it and say most. Before, what was spent since it began counts
 * the more the older it is: a minute after midnight it says nearly nothing.
 */
function burnRateOf({ used, startsAt, endsAt, recentPerDay }: Spent, now: number): number | undefined {
  if (startsAt === undefined) return recentPerDay;
  const elapsed = Math.max(0, now - startsAt) / DAY_MS;
  const length = endsAt === undefined ? HISTORY_DAYS : (endsAt - startsAt) / DAY_MS;
  const trusted = Math.min(length, HISTORY_DAYS) / 4;
  if (recentPerDay === undefined) return Math.max(0, used) / Math.max(elapsed, trusted);
  if (elapsed >= HISTORY_DAYS) return recentPerDay;
  // `used` is elapsed × the period's own rate, so this is the mean of the two rates, weighed with their days.
  return (Math.max(0, used) + recentPerDay * trusted) / (elapsed + trusted);
}
