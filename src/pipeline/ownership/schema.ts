import { index, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';

/** Who made what providers keep: files, batches, stored responses, containers. */
export const providerResources = pgTable(
  'provider_resources',
  {
    provider: text('provider').notNull(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    project: text('project').notNull(),
    keyId: text('key_id').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.id] }),
    index('provider_resources_of').on(table.project, table.kind, table.createdAt, table.id),
    index('provider_resources_id').on(table.id),
  ],
);
