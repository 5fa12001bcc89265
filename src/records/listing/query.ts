import { GatewayError } from '../../core/errors.ts';
import { startOfDay } from '../../core/time-zone.ts';
import type { ListPosition } from '../../storage/database/list-position.ts';
import { LATEST_MS, storableText } from '../../storage/database/storable.ts';

/** Query parameters as they came. */
export type Query = Readonly<Record<string, unknown>>;

/** A part of time; open where it says nothing. */
export interface Period {
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const EPOCH_MS = /^\d{1,15}$/;
/** A time must say its zone, since guessing one would move the period. */
const RFC_3339 = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

/** A refusal of a query's parameter. */
export function invalid(param: string, fault: string): GatewayError {
  return new GatewayError('request_invalid', { message: `\`${param}\` (query) ${fault}.`, param });
}

/**
 * @param more what else there is, in words
 * @throws request_invalid where a parameter is not among those that are known
 */
export function refuseUnknown(query: Query, known: readonly string[], ...more: string[]): void {
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is not known here. There are ${[...known, ...more].join(', ')}`);
}

/** @throws request_invalid where it is given twice */
export function readText(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(name, 'is given more than once. Give it once');
  return storableText(value);
}

/** How many a page has. */
export interface Limits {
  readonly usual: number;
  readonly most: number;
}

/** @throws request_invalid */
export function readLimit(query: Query, { usual, most }: Limits = { usual: DEFAULT_LIMIT, most: MAX_LIMIT }): number {
  const value = readText(query, 'limit');
  if (value === undefined) return usual;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > most) throw invalid('limit', `must be a whole number from 1 to ${most}`);
  return number;
}

/**
 * A date alone is its first moment in the time zone.
 * @throws request_invalid with the parameter at fault and what would be right
 */
export function readPeriod(query: Query, timeZone = 'UTC'): Period {
  const since = moment(query, 'since', timeZone);
  const until = moment(query, 'until', timeZone);
  if (since && until && since >= until) throw invalid('until', 'must be after `since`');
  return { since, until };
}

function moment(query: Query, name: string, timeZone: string): Date | undefined {
  const value = readText(query, name);
  if (value === undefined) return undefined;
  const ms = EPOCH_MS.test(value) ? Number(value) : RFC_3339.test(value) ? timeOf(value, timeZone) : Number.NaN;
  if (ms >= 0 && ms <= LATEST_MS) return new Date(ms);
  throw invalid(name, 'must be a time such as 2026-11-21T08:00:00Z (a "+" written as %2B), or milliseconds since 1970');
}

function timeOf(value: string, timeZone: string): number {
  const ms = Date.parse(value);
  if (value.length > 10 || Number.isNaN(ms)) return ms;
  const [year, month, day] = [new Date(ms).getUTCFullYear(), new Date(ms).getUTCMonth() + 1, new Date(ms).getUTCDate()];
  return startOfDay(timeZone, { year, month, day });
}

/** Opaque to clients: where the last one of a page stands. */
export function positionCursor({ at, id }: ListPosition): string {
  return textCursor(`${at.getTime()}.${id}`);
}

const WITHOUT_DASHES = /^\w{1,64}$/;
export const WITH_DASHES = /^[\w-]{1,64}$/;

/**
 * @param ids what the ids of the list look like
 * @throws request_invalid where it is no `next` of an earlier page
 */
export function readPosition(query: Query, ids: RegExp = WITHOUT_DASHES): ListPosition | undefined {
  const text = readTextCursor(query);
  if (text === undefined) return undefined;
  const [, ms, id = ''] = /^(\d{1,15})\.(.*)$/s.exec(text) ?? [];
  if (!ids.test(id) || Number(ms) > LATEST_MS) throw invalid('cursor', 'must be the `next` of an earlier page');
  return { at: new Date(Number(ms)), id };
}

/** The same for a list that goes by names. */
export function textCursor(name: string): string {
  return Buffer.from(name).toString('base64url');
}

export function readTextCursor(query: Query): string | undefined {
  const value = readText(query, 'cursor');
  return value === undefined ? undefined : Buffer.from(value, 'base64url').toString();
}
