import { bigint, customType, index, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';

/** As the driver parsed it: the builder's own type would parse a second time. */
const json = customType<{ data: unknown }>({ dataType: () => 'json' });

/** Ordered by its bytes, so that the keys which begin alike stand together in the index, whatever the database's locale is. */
const orderedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Budgets that were made through the admin API. */
export const budgets = pgTable('budgets', {
  /** As the operator named it. */
  id: text('id').primaryKey(),
  /** The same fields as in causeway.yaml. */
  definition: json('definition').notNull(),
  createdAt: moment('created_at').notNull(),
  updatedAt: moment('updated_at').notNull(),
});

/** What each replica has spent of each budget's counter: its own sums, written over again and again. */
export const quotaSpend = pgTable(
  'quota_spend',
  {
    key: orderedText('key').notNull(),
    replica: text('replica').notNull(),
    /** Of the period; null = never. */
    endsAt: moment('ends_at'),
    used: bigint('used', { mode: 'number' }).notNull(),
    reserved: bigint('reserved', { mode: 'number' }).notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.key, table.replica] }), index('quota_spend_ends_at').on(table.endsAt)],
);
