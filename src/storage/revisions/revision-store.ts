import { eq, sql } from 'drizzle-orm';

import { asked } from '../database/asked.ts';
import type { Database } from '../database/database.ts';
import { revisions } from './schema.ts';

export type Orm = Database['orm'];
export type Transaction = Parameters<Parameters<Orm['transaction']>[0]>[0];
/** What is watched: API keys, the providers' sealed keys, stored prices, budgets, or blocks. */
export type Subject = 'api_keys' | 'provider_keys' | 'price_rows' | 'budgets' | 'blocks';

/** Runs a change and raises its subject's revision with it, or neither. */
export function change<T>(orm: Orm, subject: Subject, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return asked(
    orm.transaction(async (transaction) => {
      const result = await work(transaction);
      await transaction
        .insert(revisions)
        .values({ subject, revision: 1 })
        .onConflictDoUpdate({ target: revisions.subject, set: { revision: sql`${revisions.revision} + 1` } });
      return result;
    }),
  );
}

/** 0 before the first change. */
export async function revisionOf(orm: Orm, subject: Subject): Promise<number> {
  const rows = await asked(orm.select().from(revisions).where(eq(revisions.subject, subject)));
  return rows[0]?.revision ?? 0;
}
