import { createRequire } from 'node:module';

import type * as Queries from 'drizzle-orm';

/**
 * The SQL builder, which is loaded as CommonJS on purpose. Node reads the package.json of a package again for each of
 * its ES modules, and that of `drizzle-orm` is 180 KB: it took half a second of CPU and 70 MB of memory at every start.
 */
const queries = createRequire(import.meta.url)('drizzle-orm') as typeof Queries;

export const {
  DrizzleQueryError,
  and,
  arrayContains,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  min,
  ne,
  notExists,
  notInArray,
  notLike,
  or,
  sql,
} = queries;
export type { Column, SQL } from 'drizzle-orm';
