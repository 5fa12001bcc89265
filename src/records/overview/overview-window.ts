import { GatewayError } from '../../core/errors.ts';
import { DAY_MS } from '../../core/units.ts';
import type { Period } from '../listing/query.ts';
import { SLOT_MS } from '../traces/rollup-batch.ts';
import { MINUTE_MS } from './overview-batch.ts';

/** How long minutes are kept: what is from before is known by 15 minutes. With a day before two it can be compared. */
export const MINUTES_KEPT_MS = 3 * DAY_MS;
/** The longest time that is drawn; what is longer, sums of usage say. */
export const MOST_DAYS = 31;

const MOST_POINTS = 180;
/** How long a point of a drawing may be. */
const MINUTES = [MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS];
const SLOTS = [1, 2, 4, 8, 16, 24, 48].map((slots) => slots * SLOT_MS);

/** A stretch of time and the table that it is read from. */
export interface OverviewPiece {
  readonly table: 'minutes' | 'slots';
  /** Epoch milliseconds: inclusive, exclusive. */
  readonly from: number;
  readonly until: number;
}

/** A time that is drawn, cut to what sums there are. */
export interface OverviewWindow {
  /** Epoch milliseconds: inclusive, exclusive. */
  readonly from: number;
  readonly until: number;
  /** Of one point; the last one may end before. */
  readonly unitMs: number;
}

/**
 * @param period the last day where it says nothing
 * @throws request_invalid where it lies ahead or is too long
 */
export function windowOf({ since, until }: Period, now: number): OverviewWindow {
  const end = Math.min(until?.getTime() ?? now, now);
  const start = since?.getTime() ?? end - DAY_MS;
  if (start >= end) throw invalidTime('`since` (query) must be before `until`, and before now.');
  if (end - start > MOST_DAYS * DAY_MS) {
    throw invalidTime(
      `The time is over ${MOST_DAYS} days long. Ask for less, or ask /admin/v1/usage, which knows any time.`,
    );
  }
  const isRecent = (at: number) => at - DAY_MS >= now - MINUTES_KEPT_MS;
  const units = isRecent(start) ? [...MINUTES, ...SLOTS] : SLOTS;
  const unitMs = units.find((unit) => (end - down(start, unit)) / unit <= MOST_POINTS) ?? 48 * SLOT_MS;
  const exact = isRecent(end) ? MINUTE_MS : SLOT_MS;
  return { from: down(start, unitMs), until: Math.ceil(end / exact) * exact, unitMs };
}

/** The same time a day earlier, to the minute. */
export function dayBefore({ from, until, unitMs }: OverviewWindow): OverviewWindow {
  return { from: from - DAY_MS, until: until - DAY_MS, unitMs };
}

/** Minutes are read for what 15 minutes do not tell. */
export function piecesOf({ from, until, unitMs }: OverviewWindow): OverviewPiece[] {
  const cut = unitMs < SLOT_MS ? from : down(until, SLOT_MS);
  const pieces: OverviewPiece[] = [
    { table: 'slots', from, until: cut },
    { table: 'minutes', from: cut, until },
  ];
  return pieces.filter((piece) => piece.from < piece.until);
}

/** When its points begin, epoch milliseconds. */
export function pointsOf({ from, until, unitMs }: OverviewWindow): number[] {
  return Array.from({ length: Math.ceil((until - from) / unitMs) }, (_, at) => from + at * unitMs);
}

function down(at: number, unit: number): number {
  return Math.floor(at / unit) * unit;
}

function invalidTime(message: string): GatewayError {
  return new GatewayError('request_invalid', { message, param: 'since' });
}
