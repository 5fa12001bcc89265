import { fileURLToPath } from 'node:url';

import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';

import type { Database } from './database/database.ts';

const FOLDER = fileURLToPath(new URL('migrations', import.meta.url));

/** Brings the tables up to what this version needs. What was run before is not run again. */
export async function migrate({ orm }: Pick<Database, 'orm'>): Promise<void> {
  await runMigrations(orm, { migrationsFolder: FOLDER });
}
