import { availableParallelism } from 'node:os';

import type { Environment } from '../config/config.ts';
import { databaseUrlOf } from '../whereabouts.ts';
import { UsageError } from './command.ts';

/** More than any machine has use for; each has connections and memory of its own. */
const MOST_WORKERS = 64;

/**
 * How many processes are to share the port.
 * @param flag what stands behind `--workers`; it comes before the environment
 * @throws UsageError where it is no such number
 */
export function workersWanted(flag: string | undefined, env: Environment, cores = availableParallelism()): number {
  const [name, text] = flag === undefined ? ['CAUSEWAY_WORKERS', env['CAUSEWAY_WORKERS']] : ['--workers', flag];
  if (text === undefined || (text === '' && flag === undefined)) return 1;
  if (text === 'auto') return Math.min(cores, MOST_WORKERS);
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_WORKERS) return count;
  throw new UsageError(
    `${name}: "${text}" is no number of workers; write a whole number from 1 to ${MOST_WORKERS}, or auto.`,
  );
}

const REASONS = {
  DATABASE_URL:
    'DATABASE_URL (a PostgreSQL server: the embedded database is one session of one process, so that several cannot share it)',
  REDIS_URL:
    'REDIS_URL (a Redis or Valkey server: counted in memory, every limit and budget would hold for each worker by itself, and so be multiplied)',
} as const;

/**
 * Several processes need a database and counters that they share.
 * @throws UsageError where one is not set
 */
export function requireSharedState(workers: number, env: Environment): void {
  const missing = [
    ...(databaseUrlOf(env) === undefined ? [REASONS.DATABASE_URL] : []),
    ...(env['REDIS_URL'] ? [] : [REASONS.REDIS_URL]),
  ];
  if (workers === 1 || missing.length === 0) return;
  throw new UsageError(
    `${workers} workers need ${missing.join(', and ')}. Set ${missing.length === 1 ? 'it' : 'both'}, or start without --workers. docs/replicas.md says more.`,
  );
}
