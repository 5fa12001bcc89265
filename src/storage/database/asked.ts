import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';

import { GatewayError } from '../../core/errors.ts';

/** SQLSTATE classes that say something about the database and not about the statement. */
const AWAY = new Set(['08', '53', '57', '58']);

/** The rows of a query. @throws storage_unavailable where the database does not answer */
export async function asked<Rows>(query: PromiseLike<Rows>): Promise<Rows> {
  try {
    return await query;
  } catch (thrown) {
    const cause = thrown instanceof DrizzleQueryError ? thrown.cause : thrown;
    throw isAway(cause) ? new GatewayError('storage_unavailable', { cause }) : thrown;
  }
}

/** What is no answer of the server is a socket that failed or a wait that was too long. */
function isAway(error: unknown): boolean {
  if (error instanceof DatabaseError) return AWAY.has(error.code?.slice(0, 2) ?? '');
  return error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
}
