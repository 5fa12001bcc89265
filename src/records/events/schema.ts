import { sql } from '../../storage/drizzle/queries.ts';
import { customType, index, pgTable, text, timestamp, uniqueIndex } from '../../storage/drizzle/tables.ts';

/** As the driver parsed it: the builder's own type would parse a second time. */
const jsonb = customType<{ data: unknown }>({ dataType: () => 'jsonb' });

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What operators should know. A row is written once; later it is resolved, if it is something that ends. */
export const events = pgTable(
  'events',
  {
    id: text('id').primaryKey(),
    at: moment('at').notNull(),
    kind: text('kind').notNull(),
    severity: text('severity').notNull(),
    subject: text('subject').notNull(),
    dedupe: text('dedupe'),
    evidence: jsonb('evidence').notNull(),
    resolvedAt: moment('resolved_at'),
  },
  (table) => [
    // What is over may come again under the same key.
    uniqueIndex('events_dedupe')
      .on(table.dedupe)
      .where(sql`resolved_at is null`),
    index('events_at').on(table.at, table.id),
  ],
);
