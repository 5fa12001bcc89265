import { DatabaseError } from 'pg';

import { GatewayError } from '../../core/errors.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type SQL, sql } from '../../storage/drizzle/queries.ts';
import { TimeIsOverError } from './time-walk.ts';

/** What a statement is asked of: the pool, or a transaction. */
export type Queries = Pick<Database['orm'], 'select' | 'execute'>;

const QUERY_CANCELED = '57014';

/**
 * What the work reads, which the server ends when the time is over. The embedded engine cannot; there it is the caller
 * who asks for little at a time.
 * @throws TimeIsOverError; storage_unavailable
 */
export async function withinLimit<T>(
  { kind, orm }: Pick<Database, 'kind' | 'orm'>,
  limitMs: number,
  work: (queries: Queries) => PromiseLike<T>,
): Promise<T> {
  if (kind === 'embedded') return asked(work(orm));
  try {
    return await asked(
      orm.transaction(async (transaction) => {
        await transaction.execute(limit(limitMs));
        return work(transaction);
      }),
    );
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { cause } = error;
    throw cause instanceof DatabaseError && cause.code === QUERY_CANCELED ? new TimeIsOverError() : error;
  }
}

function limit(ms: number): SQL {
  return sql.raw(`set local statement_timeout = ${Math.max(1, Math.ceil(ms))}`);
}
