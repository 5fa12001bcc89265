import { pgTable, text, timestamp, unique } from '../../storage/drizzle/tables.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Whom requests are refused of for a while. One row for each that is blocked. */
export const blocks = pgTable(
  'blocks',
  {
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['ip', 'key', 'user', 'project'] }).notNull(),
    subject: text('subject').notNull(),
    /** Of a user: the project whose user it is; null = of any. */
    project: text('project'),
    reason: text('reason'),
    origin: text('origin', { enum: ['auto', 'admin'] }).notNull(),
    createdAt: moment('created_at').notNull(),
    /** Null = until it is lifted. */
    expiresAt: moment('expires_at'),
  },
  (table) => [unique('blocks_subject').on(table.kind, table.subject, table.project).nullsNotDistinct()],
);
