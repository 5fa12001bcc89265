import { sql } from '../../storage/drizzle/queries.ts';
import { bigint, boolean, index, integer, jsonb, pgTable, text, timestamp } from '../../storage/drizzle/tables.ts';
import { REVIEW_KINDS, REVIEW_STATES } from './review/review.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What waits for somebody's decision, and what was decided. Texts of clients and answers are sealed. */
export const guardReviews = pgTable(
  'guard_reviews',
  {
    id: text('id').primaryKey(),
    state: text('state', { enum: REVIEW_STATES }).notNull(),
    kind: text('kind', { enum: REVIEW_KINDS }).notNull(),
    /** The gateway makes the answer by itself, and its client asks for it. */
    runsHere: boolean('runs_here').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    deleteAt: moment('delete_at').notNull(),
    keepMs: bigint('keep_ms', { mode: 'number' }).notNull(),
    decidedAt: moment('decided_at'),
    decidedBy: text('decided_by'),
    note: text('note'),
    message: text('message'),
    project: text('project').notNull(),
    keyId: text('key_id').notNull(),
    userId: text('user_id'),
    traceId: text('trace_id').notNull(),
    usedBy: text('used_by'),
    dialect: text('dialect').notNull(),
    operation: text('operation').notNull(),
    endpoint: text('endpoint').notNull(),
    model: text('model').notNull(),
    policy: text('policy').notNull(),
    reasons: jsonb('reasons').notNull(),
    digest: text('digest').notNull(),
    /** Sealed, all four. */
    request: text('request').notNull(),
    held: text('held'),
    edited: text('edited'),
    result: text('result'),
    /** Which process makes the answer now, until when it may be thought to live, and how often that was begun. */
    runBy: text('run_by'),
    runUntil: moment('run_until'),
    runs: integer('runs').notNull().default(0),
  },
  (table) => [
    index('guard_reviews_created').on(table.createdAt, table.id),
    index('guard_reviews_delete').on(table.deleteAt),
    // What is not over: few rows of many.
    index('guard_reviews_open')
      .on(table.project, table.keyId, table.digest)
      .where(sql`${table.state} in ('waiting', 'approved')`),
  ],
);
