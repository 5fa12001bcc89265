import { asked } from '../database/asked.ts';
import type { Database } from '../database/database.ts';
import { eq, sql } from '../drizzle/queries.ts';
import { NOTICE_CHANNEL, tellHere } from './change-notices.ts';
import { revisions } from './schema.ts';

export type Orm = Database['orm'];
export type Transaction = Parameters<Parameters<Orm['transaction']>[0]>[0];
/**
 * What is followed: API keys, the admin key, the providers' sealed keys, stored prices, organisations, budgets, blocks, purges of caches,
 * rollouts, examples of routing, keys of operators.
 */
export type Subject =
  | 'api_keys'
  | 'admin_key'
  | 'provider_keys'
  | 'price_rows'
  | 'organisations'
  | 'budgets'
  | 'blocks'
  | 'cache_purges'
  | 'rollouts'
  | 'routing_examples'
  | 'operators';

/** An answer to the question for revisions that takes longer than this comes from a connection that is dead. */
const QUESTION_LIMIT_MS = 5000;

/**
 * Runs a change and raises its subject's revision with it, or neither; then tells all processes. The revision comes
 * first: its row makes changes of one subject wait for each other.
 */
export async function change<T>(
  orm: Orm,
  subject: Subject,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const result = await asked(
    orm.transaction(async (transaction) => {
      await transaction
        .insert(revisions)
        .values({ subject, revision: 1 })
        .onConflictDoUpdate({ target: revisions.subject, set: { revision: sql`${revisions.revision} + 1` } })
        // Goes out when the transaction succeeds.
        .returning({ told: sql`pg_notify(${NOTICE_CHANNEL}, ${subject})` });
      return work(transaction);
    }),
  );
  tellHere(orm);
  return result;
}

/** 0 before the first change. */
export async function revisionOf(orm: Orm, subject: Subject): Promise<number> {
  const rows = await asked(orm.select().from(revisions).where(eq(revisions.subject, subject)));
  return rows[0]?.revision ?? 0;
}

/** All revisions in one question. Subjects that never changed are missing. @throws storage_unavailable */
export async function readRevisions({
  kind,
  pool,
}: Pick<Database, 'kind' | 'pool'>): Promise<ReadonlyMap<string, number>> {
  const text = 'select subject, revision from revisions';
  // The embedded engine is deaf for as long as its housekeeping takes, and its connection does not die.
  const question = kind === 'postgres' ? { text, query_timeout: QUESTION_LIMIT_MS } : { text };
  const { rows } = await asked(pool.query<{ subject: string; revision: number }>(question));
  return new Map(rows.map(({ subject, revision }) => [subject, revision]));
}
