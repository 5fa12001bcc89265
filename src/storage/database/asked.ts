import { DatabaseError } from 'pg';

import { DrizzleQueryError } from '../drizzle/queries.ts';
import { GatewayError } from '../../core/errors.ts';

/** SQLSTATE classes that say something about the database and not about the statement. */
const AWAY = new Set(['08', '53', '57', '58']);

/** The driver gives its own failures no code, only these texts. */
const DRIVER_FAILURE =
  /^(Connection terminated|timeout (expired|exceeded)|Query read timeout|Client (was closed|has encountered a connection error)|Cannot use a pool after calling end)/;

/** The rows of a query. @throws storage_unavailable where the database does not answer */
export async function asked<Rows>(query: PromiseLike<Rows>): Promise<Rows> {
  try {
    return await query;
  } catch (thrown) {
    const cause = thrown instanceof DrizzleQueryError ? thrown.cause : thrown;
    throw isAway(cause) ? new GatewayError('storage_unavailable', { cause }) : thrown;
  }
}

/** A refusal of the server is told by its class, a failed socket by the system's code. What a transaction's own code throws is neither. */
function isAway(error: unknown): boolean {
  if (error instanceof DatabaseError) return AWAY.has(error.code?.slice(0, 2) ?? '');
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return /^E[A-Z_]+$/.test(code ?? '') || DRIVER_FAILURE.test(error.message);
}
