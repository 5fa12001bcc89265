import { customType, index, jsonb, pgTable, real, text, timestamp } from '../../storage/drizzle/tables.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Requests of which it is known which model does for them. No text is kept, only its vector. */
export const routingExamples = pgTable(
  'routing_examples',
  {
    /** Of its text and model, so that the same one is there once. */
    id: text('id').primaryKey(),
    /** The virtual model. */
    model: text('model').notNull(),
    /** What made the vector; vectors of different spaces are never compared. */
    space: text('space').notNull(),
    /** 32-bit floats, the lowest byte first. */
    vector: bytes('vector').notNull(),
    /** What the rules saw of it, numbers. */
    features: jsonb('features').notNull(),
    /** Where somebody says so in so many words. */
    tier: text('tier', { enum: ['simple', 'medium', 'complex', 'reasoning'] }),
    /** How good the small model's answer was, 0 to 1. */
    smallOk: real('small_ok'),
    /** The same of the large one. */
    largeOk: real('large_ok'),
    source: text('source', { enum: ['admin', 'feedback', 'evaluation'] }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [index('routing_examples_model').on(table.model, table.updatedAt)],
);
