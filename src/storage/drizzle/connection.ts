import { createRequire } from 'node:module';

import type * as Migrator from 'drizzle-orm/migrator';
import type * as NodePostgres from 'drizzle-orm/node-postgres';

/** What joins the builder with the driver; `queries.ts` says why it is loaded like this. */
const load = createRequire(import.meta.url);

export const { drizzle } = load('drizzle-orm/node-postgres') as typeof NodePostgres;
export const { readMigrationFiles } = load('drizzle-orm/migrator') as typeof Migrator;
export type { NodePgDatabase } from 'drizzle-orm/node-postgres';
