import { GatewayError } from '../../core/errors.ts';
import { DAY_MS } from '../../core/units.ts';
import type { Period } from '../listing/query.ts';
import { SLOT_MS } from '../traces/rollup-batch.ts';
import { MINUTE_MS } from './overview-batch.ts';

/** How long minutes are kept: what is from before is known by 15 minutes. With a day before two it can be compared. */
export const MINUTES_KEPT_MS = 3 * DAY_MS;
/** How long 15 minutes are kept; nothing is known of a time before. */
export const SLOTS_KEPT_DAYS = 100;
/** The longest time that is drawn; what is longer, sums of usage say. */
export const MOST_DAYS = 31;
/** The part of a time by which it may be over whole days: whoever looks at the last day may have asked a little ago. */
const SOME = 0.01;

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
  /** Of one point; the first begins with the time, the last one may end before. */
  readonly unitMs: number;
  /** How much earlier the time is that it is compared with: whole days, so that the hours are the same. */
  readonly shiftMs: number;
}

/** From when on something is known, epoch milliseconds. */
export function keptSince(now: number): number {
  return up(now - SLOTS_KEPT_DAYS * DAY_MS, SLOT_MS);
}

/**
 * @param period the last day where it says nothing
 * @throws request_invalid where it lies ahead, is too long, or is no longer known
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
  const kept = keptSince(now);
  if (end <= kept) throw noLongerKept(kept);
  const shiftMs = Math.max(1, Math.ceil(((end - start) / DAY_MS) * (1 - SOME))) * DAY_MS;
  // Both times are read alike, so minutes must be there of the earlier one too, and of all of a quarter of an hour.
  const hasMinutes = (at: number) => down(at, SLOT_MS) - shiftMs >= now - MINUTES_KEPT_MS;
  const units = hasMinutes(start) ? [...MINUTES, ...SLOTS] : SLOTS;
  const unitMs = units.find((unit) => (end - down(start, exactOf(unit))) / unit <= MOST_POINTS) ?? 48 * SLOT_MS;
  const from = Math.max(down(start, exactOf(unitMs)), kept);
  return { from, until: up(end, hasMinutes(end) ? MINUTE_MS : SLOT_MS), unitMs, shiftMs };
}

/** What it is compared with: the same hours, so many days before that none of them is in both. */
export function earlier({ from, until, unitMs, shiftMs }: OverviewWindow): OverviewWindow {
  return { from: from - shiftMs, until: until - shiftMs, unitMs, shiftMs };
}

/** What points of this length are made of. */
function exactOf(unitMs: number): number {
  return unitMs < SLOT_MS ? MINUTE_MS : SLOT_MS;
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

function up(at: number, unit: number): number {
  return Math.ceil(at / unit) * unit;
}

function noLongerKept(kept: number): GatewayError {
  return invalidTime(
    `Sums of an overview are kept for ${SLOTS_KEPT_DAYS} days: there are none from before ` +
      `${new Date(kept).toISOString()}. Ask for a later time, or ask /admin/v1/usage, which knows any time.`,
  );
}

function invalidTime(message: string): GatewayError {
  return new GatewayError('request_invalid', { message, param: 'since' });
}
