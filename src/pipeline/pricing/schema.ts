import { customType, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';

/** As the driver parsed it: the builder's own type would parse a second time. */
const json = customType<{ data: unknown }>({ dataType: () => 'json' });

/** Prices that were stored beside those that are shipped. Rows are written once and never changed. */
export const priceRows = pgTable(
  'price_rows',
  {
    family: text('family').notNull(),
    model: text('model').notNull(),
    /** A day of UTC, `2026-03-31`. */
    fromDay: text('from_day').notNull(),
    source: text('source').notNull(),
    checked: text('checked').notNull(),
    /** Everything that is a number of the price, by its name in the code. */
    rates: json('rates').notNull(),
    addedAt: timestamp('added_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.family, table.model, table.fromDay] })],
);
