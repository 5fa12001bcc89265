import { join } from 'node:path';

import type { Environment } from './config/config.ts';

/** Where what outlives the process is kept. */
export function dataDirOf(env: Environment): string {
  return env['CAUSEWAY_DATA_DIR'] || join(process.cwd(), 'data');
}

/** A variable that is set and not empty. */
export function databaseUrlOf(env: Environment): string | undefined {
  return env['DATABASE_URL'] || undefined;
}
