import { index, jsonb, pgTable, smallint, text, timestamp, uuid } from '../../storage/drizzle/tables.ts';

/** Every change, by whom, and what it changed. Rows are written once. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: uuid('id').primaryKey(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull(),
    actor: text('actor').notNull(),
    role: text('role'),
    signedInBy: text('signed_in_by'),
    address: text('address').notNull(),
    /** Method and route, e.g. `PUT /admin/v1/budgets/:id`; `sign-in`, `sign-out`. */
    action: text('action').notNull(),
    /** What was changed, e.g. `budgets/support`. */
    subject: text('subject').notNull(),
    project: text('project'),
    /** The status of the answer. */
    status: smallint('status').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
  },
  (table) => [index('audit_log_at').on(table.at, table.id), index('audit_log_subject').on(table.subject, table.at)],
);
