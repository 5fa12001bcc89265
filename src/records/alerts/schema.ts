import { index, integer, pgTable, text, timestamp } from '../../storage/drizzle/tables.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What was sent to whom, and whether it arrived. */
export const alertDeliveries = pgTable(
  'alert_deliveries',
  {
    id: text('id').primaryKey(),
    at: moment('at').notNull(),
    /** Name of the rule, or the kind of the event. */
    alert: text('alert').notNull(),
    /** What it is about, e.g. `model:chat`. */
    subject: text('subject').notNull(),
    /** `firing`, `resolved` or `test`. */
    state: text('state').notNull(),
    channel: text('channel').notNull(),
    /** `sent` or `failed`. */
    outcome: text('outcome').notNull(),
    attempts: integer('attempts').notNull(),
    error: text('error'),
  },
  (table) => [index('alert_deliveries_at').on(table.at, table.id)],
);
