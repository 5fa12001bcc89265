import { bigint, jsonb, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';
import { ROLLOUT_KINDS } from './definition.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What is tried, and how it stands. Those of the configuration file have a row where they have a state. */
export const rollouts = pgTable(
  'rollouts',
  {
    kind: text('kind', { enum: ROLLOUT_KINDS }).notNull(),
    id: text('id').notNull(),
    /** As it would stand in the file; null where it stands there. */
    definition: jsonb('definition'),
    /** What came of it so far: a canary's step, a verdict. */
    state: jsonb('state'),
    /** Rises with each change of the state; who changes it names the one that it read. */
    stateVersion: bigint('state_version', { mode: 'number' }).notNull().default(0),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [primaryKey({ name: 'rollouts_pkey', columns: [table.kind, table.id] })],
);

/** Sums of what each replica saw of each arm in one run. Each replica writes its own, whole, again and again. */
export const rolloutTallies = pgTable(
  'rollout_tallies',
  {
    kind: text('kind', { enum: ROLLOUT_KINDS }).notNull(),
    id: text('id').notNull(),
    /** A change of what is compared begins another run. */
    run: text('run').notNull(),
    arm: text('arm').notNull(),
    /** Of the run; the sums of a canary are kept by step. */
    step: bigint('step', { mode: 'number' }).notNull(),
    replica: text('replica').notNull(),
    sums: jsonb('sums').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({
      name: 'rollout_tallies_pkey',
      columns: [table.kind, table.id, table.run, table.arm, table.step, table.replica],
    }),
  ],
);
