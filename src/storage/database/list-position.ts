import { type Column, type SQL, sql } from '../drizzle/queries.ts';

/** Where a page of a list that goes by time begins: after this one, newest first. */
export interface ListPosition {
  readonly at: Date;
  readonly id: string;
}

/** What comes after a position, where the columns say when a row was and which it is. */
export function comesAfter(at: Column, id: Column, position: ListPosition): SQL {
  return sql`(${at}, ${id}) < (${position.at.toISOString()}::timestamptz, ${position.id})`;
}
