import { createRequire } from 'node:module';

import type * as Tables from 'drizzle-orm/pg-core';

/** What tables are made of; `queries.ts` says why it is loaded like this. */
const tables = createRequire(import.meta.url)('drizzle-orm/pg-core') as typeof Tables;

export const {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} = tables;
