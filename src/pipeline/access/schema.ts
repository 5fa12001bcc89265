import { index, pgTable, text, timestamp } from '../../storage/drizzle/tables.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Keys that clients use. The key itself is not here, only its hash. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    hash: text('hash').notNull().unique(),
    hint: text('hint').notNull(),
    project: text('project').notNull(),
    userId: text('user_id'),
    /** Names, or prefixes with `*` at their end; null = every model. */
    models: text('models').array(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('api_keys_created').on(table.createdAt, table.id)],
);

/** Providers' keys, sealed under the master key. */
export const providerKeys = pgTable('provider_keys', {
  id: text('id').primaryKey(),
  provider: text('provider').notNull(),
  hint: text('hint').notNull(),
  sealed: text('sealed').notNull(),
  createdAt: moment('created_at').notNull(),
});

/** Single values that the gateway keeps for itself. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Above projects: who they belong to. */
export const organisations = pgTable('organisations', {
  name: text('name').primaryKey(),
  createdAt: moment('created_at').notNull(),
});

/** A project belongs to one organisation at most. */
export const organisationProjects = pgTable('organisation_projects', {
  project: text('project').primaryKey(),
  organisation: text('organisation')
    .notNull()
    .references(() => organisations.name, { onDelete: 'cascade' }),
});
