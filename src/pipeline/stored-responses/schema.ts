import { index, integer, pgTable, text, timestamp } from '../../storage/drizzle/tables.ts';

/** Answers to requests of the responses dialect that were translated, as their projects may refer to them later. */
export const storedResponses = pgTable(
  'stored_responses',
  {
    id: text('id').primaryKey(),
    project: text('project').notNull(),
    keyId: text('key_id').notNull(),
    model: text('model').notNull(),
    /** The response that it continues; the conversation is the chain of them. */
    previousId: text('previous_id'),
    /** JSON as text: parsed here, so that long numbers stay what they are. The request's own items, with their ids. */
    input: text('input').notNull(),
    /** The response object, as the client got it. */
    response: text('response').notNull(),
    /** Of both texts. */
    bytes: integer('bytes').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [index('stored_responses_expires').on(table.expiresAt)],
);
