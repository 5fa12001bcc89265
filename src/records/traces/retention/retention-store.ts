import { DatabaseError } from 'pg';

import { asked } from '../../../storage/database/asked.ts';
import type { Database } from '../../../storage/database/database.ts';
import { DrizzleQueryError, sql } from '../../../storage/drizzle/queries.ts';

/** Whoever comes after one that waits for this lock waits too, writers among them, so it is not waited for for long. */
const LOCK_TIMEOUT_MS = 500;

/** Somebody reads it for longer than the lock is waited for; somebody waits crosswise. */
const BUSY = new Set(['55P03', '40P01']);

/**
 * Drops the table of a day, if it is there.
 * @returns false where it is in use, so that it has to be tried again
 * @throws storage_unavailable
 */
export async function dropPartition({ orm }: Pick<Database, 'orm'>, name: string): Promise<boolean> {
  try {
    await asked(
      orm.transaction(async (transaction) => {
        await transaction.execute(sql.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`));
        await transaction.execute(sql`drop table if exists ${sql.identifier(name)}`);
      }),
    );
    return true;
  } catch (error) {
    const cause = error instanceof DrizzleQueryError ? error.cause : error;
    if (cause instanceof DatabaseError && BUSY.has(cause.code ?? '')) return false;
    throw error;
  }
}
