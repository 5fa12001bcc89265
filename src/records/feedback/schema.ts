import { doublePrecision, index, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What somebody said of an answer: one row for each trace and who said it, which a later word replaces. */
export const feedback = pgTable(
  'feedback',
  {
    traceId: text('trace_id').notNull(),
    /** `user:…`, `key:…` or `admin`. */
    author: text('author').notNull(),
    project: text('project'),
    thumb: text('thumb'),
    /** 0 to 1. */
    score: doublePrecision('score'),
    comment: text('comment'),
    tags: text('tags').array(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.traceId, table.author] }),
    index('feedback_updated_at').on(table.updatedAt, table.traceId),
  ],
);
