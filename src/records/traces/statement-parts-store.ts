import { type SQL, sql } from '../../storage/drizzle/queries.ts';
import type { UsagePiece } from './usage-pieces.ts';
import type { UsageDimension } from './usage-question.ts';

/** Parts of the statements that sum usage and savings, whose groups are `g0`, `g1`, …. */

/** Columns of the traces and of the series alike. */
export const DIMENSION_COLUMNS: Readonly<Record<UsageDimension, string>> = {
  organisation: 'organisation',
  project: 'project',
  key: 'key_id',
  user: 'user_id',
  endpoint: 'endpoint',
  model: 'model',
  virtual_model: 'virtual_model',
  target: 'target',
  status: 'status',
};

export function isDimension(group: string): group is UsageDimension {
  return group in DIMENSION_COLUMNS;
}

/** The rows of a piece of time. */
export function within(column: string, { from, until }: UsagePiece): SQL {
  const since = Number.isFinite(from) ? sql`${sql.raw(column)} >= ${time(from)}` : sql`true`;
  return Number.isFinite(until) ? sql`${since} and ${sql.raw(column)} < ${time(until)}` : since;
}

/**
 * The index of the part of time that a row is in.
 * @param starts where the parts begin, epoch milliseconds
 */
export function periodOf(column: string, starts: readonly number[]): SQL {
  const times = sql.param(starts.map((ms) => new Date(ms).toISOString()));
  return sql`width_bucket(${sql.raw(column)}, ${times}::timestamptz[]) - 1`;
}

function time(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}

/** The groups that come after one: those that are greater in the first column in which they differ; null is last. */
export function isAfter(position: readonly (string | number | null)[]): SQL {
  const alternatives = position.flatMap((value, index) => {
    if (value === null) return [];
    const column = sql.raw(`g${index}`);
    const same = position.slice(0, index).map((before, at) => isSame(at, before));
    return [sql.join([...same, sql`(${column} > ${value} or ${column} is null)`], sql` and `)];
  });
  if (alternatives.length === 0) return sql`false`;
  return sql`(${sql.join(
    alternatives.map((one) => sql`(${one})`),
    sql` or `,
  )})`;
}

function isSame(index: number, value: string | number | null): SQL {
  const column = sql.raw(`g${index}`);
  return value === null ? sql`${column} is null` : sql`${column} = ${value}`;
}

export function list(parts: readonly SQL[]): SQL {
  return sql.join([...parts], sql`, `);
}
