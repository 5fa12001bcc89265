import { bigint, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';

/** What is not named is empty. */
const name = (column: string) => text(column).notNull().default('');

/** How often which guard said what, by slots of 15 minutes. */
export const verdictSlots = pgTable(
  'verdict_slots',
  {
    slot: timestamp('slot', { withTimezone: true, mode: 'date' }).notNull(),
    project: name('project'),
    /** Empty where it is not known which of several it was. */
    policy: name('policy'),
    guard: text('guard').notNull(),
    place: text('place').notNull(),
    outcome: text('outcome').notNull(),
    verdicts: bigint('verdicts', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.slot, table.project, table.policy, table.guard, table.place, table.outcome] }),
  ],
);
