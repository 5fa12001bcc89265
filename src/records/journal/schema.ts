import { bigint, pgTable, text, timestamp } from '../../storage/drizzle/tables.ts';

/**
 * How far each journal has been taken over into this database. A row changes in the transaction that writes the
 * records, so what a crash interrupts is neither lost nor written twice.
 */
export const journals = pgTable('journals', {
  /** Made when the journal's folder was. */
  id: text('id').primaryKey(),
  segment: bigint('segment', { mode: 'number' }).notNull(),
  /** Bytes of the segment that are taken over. */
  offset: bigint('offset', { mode: 'number' }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'date' }).notNull(),
});
