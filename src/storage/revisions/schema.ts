import { bigint, pgTable, text } from '../drizzle/tables.ts';

/** One number a subject, raised in the transaction of each change, so that whoever polls it misses none. */
export const revisions = pgTable('revisions', {
  subject: text('subject').primaryKey(),
  revision: bigint('revision', { mode: 'number' }).notNull(),
});
