import type { Budget } from './budget-state.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far back the spread of spending is looked at, and what is shown of a budget that never begins anew. */
const HISTORY_MS = 7 * DAY_MS;
const OPEN_ENDED_MS = 30 * DAY_MS;
/** Of fewer hours or days nothing can be said of how much they differ. */
const FEWEST_BLOCKS = 5;
/** Four of five outcomes lie within; of few observations the tails are wider. */
const Z_MANY = 1.28;
const Z_FEW = 1.48;
const MANY_BLOCKS = 15;
/** A line is drawn a little over the limit, and not out of sight. */
const HEADROOM = 1.25;
const FUTURE_STEPS = 240;

/** What was spent in an hour. */
export interface Spending {
  readonly at: number;
  readonly amount: number;
}

export interface Outlook {
  /** A millisecond. */
  readonly perMs: number;
  /** Half the width of the range in which four of five outcomes lie, so long from now. */
  readonly spreadAfter: (ms: number) => number;
  /** Hours or days that it is drawn from. */
  readonly blocks: number;
  readonly blockMs: number;
}

interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function calendarIn(timeZone: string, at: number): Calendar {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const [year = 0, month = 1, day = 1] = parts.format(at).split('-').map(Number);
  return { year, month, day };
}

/** The day on which the current period began where the budget is, `2026-11-01`; undefined where it never began. */
export function periodFirstDay({ period, timeZone }: Pick<Budget, 'period' | 'timeZone'>, now: number) {
  if (period === 'total') return undefined;
  const { year, month, day } = calendarIn(timeZone, now);
  const date = new Date(Date.UTC(year, month - 1, period === 'month' ? 1 : day));
  if (period === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** From when on usage is needed: the period, and enough before it to see how much spending differs. */
export function historyStart(firstDay: string | undefined, now: number): string {
  const back = new Date(now - (firstDay === undefined ? OPEN_ENDED_MS : HISTORY_MS)).toISOString();
  return firstDay !== undefined && firstDay < back.slice(0, 10) ? firstDay : back;
}

function sums(spent: readonly Spending[], now: number, blockMs: number, first: number): number[] {
  const count = Math.floor(Math.min(HISTORY_MS, now - first) / blockMs);
  const blocks = Array.from({ length: Math.max(0, count) }, () => 0);
  for (const { at, amount } of spent) {
    // What began in the hour that is under way belongs to the block that ends now.
    const place = Math.floor((now - 1 - at) / blockMs);
    if (place >= 0 && place < blocks.length) blocks[place] = (blocks[place] ?? 0) + amount;
  }
  return blocks;
}

/**
 * How it may go on: at the given rate, and as unevenly as lately, hour by hour for a day and day by day for longer. The
 * range has in it that the next blocks differ as the last did, and that a rate of few blocks is itself uncertain.
 */
export function outlook(
  { period }: Pick<Budget, 'period'>,
  spent: readonly Spending[],
  burnRatePerDay: number | null,
  now: number,
): Outlook | undefined {
  if (burnRatePerDay === null || burnRatePerDay <= 0 || spent.length === 0) return undefined;
  const first = Math.min(...spent.map(({ at }) => at));
  const byDay = period === 'day' ? [] : sums(spent, now, DAY_MS, first);
  const blockMs = byDay.length >= FEWEST_BLOCKS ? DAY_MS : HOUR_MS;
  const blocks = blockMs === DAY_MS ? byDay : sums(spent, now, HOUR_MS, first);
  const { length } = blocks;
  if (length < FEWEST_BLOCKS) return undefined;
  const mean = blocks.reduce((sum, one) => sum + one, 0) / length;
  const variance = blocks.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (length - 1);
  const z = length >= MANY_BLOCKS ? Z_MANY : Z_FEW;
  const spreadAfter = (ms: number): number => {
    const ahead = ms / blockMs;
    return z * Math.sqrt(variance * (ahead + ahead ** 2 / length));
  };
  return { perMs: burnRatePerDay / DAY_MS, spreadAfter, blocks: length, blockMs };
}

export interface BurnDown {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly spent: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly limit: readonly number[];
  /** When it may run out: at the earliest, as it looks, at the latest; null = not in this period. */
  readonly runsOut: {
    readonly earliest: number | null;
    readonly expected: number | null;
    readonly latest: number | null;
  };
}

interface BurnDownQuestion {
  readonly spent: readonly Spending[];
  /** As the budget counts it, which is what holds. */
  readonly used: number;
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly startsAt: number;
  readonly endsAt: number | undefined;
  readonly now: number;
  readonly outlook: Outlook | undefined;
}

/** Less is no difference: requests that ended in this moment are in one of the two. */
const NOTICED = 0.02;

/** What usage of the period knows of more than the budget counts: most often from before the budget was made. */
export function notCounted(spent: readonly Spending[], used: number, startsAt: number): number | undefined {
  const sum = spent.reduce((before, { at, amount }) => (at >= startsAt ? before + amount : before), 0);
  return sum - used > sum * NOTICED ? sum - used : undefined;
}

/** The line of what was spent ends at what the budget counts; before that, hours are taken off from the last to the first. */
export function burnDown({ spent, used, limit, startsAt, endsAt, now, outlook: ahead }: BurnDownQuestion): BurnDown {
  const end = endsAt ?? now + OPEN_ENDED_MS;
  const stepMs = Math.max(HOUR_MS, Math.ceil((end - startsAt) / (800 * HOUR_MS)) * HOUR_MS);
  const past: number[] = [];
  for (let at = startsAt; at < now; at += stepMs) past.push(at);
  // Finer than hours, so that a line that meets the limit within one is seen.
  const future = Array.from({ length: FUTURE_STEPS }, (_, at) => now + ((end - now) * (at + 1)) / FUTURE_STEPS);
  const moments = [...past, now, ...future];
  const most = Math.max(limit, used) * HEADROOM;
  const shown = (value: number): number | null => (value > most ? null : Math.max(used, value));
  const spentAt = (at: number): number =>
    Math.max(0, used - spent.reduce((sum, one) => (one.at >= at ? sum + one.amount : sum), 0));
  const aheadAt = (at: number, side: -1 | 0 | 1): number | null => {
    if (at < now || !ahead) return null;
    return shown(used + ahead.perMs * (at - now) + side * ahead.spreadAfter(at - now));
  };
  const crossing = (side: -1 | 0 | 1): number | null => {
    if (used >= limit) return now;
    if (!ahead) return null;
    const step = (end - now) / 2000;
    for (let at = now + step; at <= end; at += step) {
      if (used + ahead.perMs * (at - now) + side * ahead.spreadAfter(at - now) >= limit) return at;
    }
    return null;
  };
  return {
    times: moments.map((at) => at / 1000),
    spent: moments.map((at) => (at > now ? null : at === now ? used : spentAt(at))),
    expected: moments.map((at) => aheadAt(at, 0)),
    low: moments.map((at) => aheadAt(at, -1)),
    high: moments.map((at) => aheadAt(at, 1)),
    limit: moments.map(() => limit),
    runsOut: { earliest: crossing(1), expected: crossing(0), latest: crossing(-1) },
  };
}
