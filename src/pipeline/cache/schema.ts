import { index, jsonb, pgTable, text, timestamp } from '../../storage/drizzle/tables.ts';
import type { PurgeFilter } from './store/answer-store.ts';

/** Which kept answers were deleted, and when, for replicas that have them too. */
export const cachePurges = pgTable(
  'cache_purges',
  {
    id: text('id').primaryKey(),
    filter: jsonb('filter').$type<PurgeFilter>().notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [index('cache_purges_at').on(table.at)],
);
