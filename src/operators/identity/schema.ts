import { index, pgTable, text, timestamp, uuid } from '../../storage/drizzle/tables.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** People and programs with a key of their own for the console and the admin API. */
export const operatorKeys = pgTable('operator_keys', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  role: text('role', { enum: ['viewer', 'editor', 'admin'] }).notNull(),
  projects: text('projects').array(),
  /** SHA-256 of the key, in hex: keys are random, so that a fast hash is enough. */
  keyHash: text('key_hash').notNull().unique(),
  /** The end of the key, by which people know it again. */
  hint: text('hint').notNull(),
  createdAt: at('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: at('expires_at'),
  revokedAt: at('revoked_at'),
});

/** Who is signed in at the console, in which browser. */
export const operatorSessions = pgTable(
  'operator_sessions',
  {
    /** SHA-256 of what is in the cookie, in hex. */
    tokenHash: text('token_hash').primaryKey(),
    name: text('name').notNull(),
    role: text('role', { enum: ['viewer', 'editor', 'admin'] }).notNull(),
    projects: text('projects').array(),
    signedInBy: text('signed_in_by', { enum: ['admin-key', 'operator-key', 'single-sign-on'] }).notNull(),
    /** What the session stands and falls with: the operator key's id, or a fingerprint of the admin key. */
    credential: text('credential'),
    address: text('address').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('operator_sessions_expires').on(table.expiresAt)],
);
