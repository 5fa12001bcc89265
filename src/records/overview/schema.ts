import { bigint, integer, pgTable, primaryKey, text, timestamp } from '../../storage/drizzle/tables.ts';

const count = (name: string) => bigint(name, { mode: 'number' }).notNull();
/** What is not named is empty: neither columns of a primary key nor names are null. */
const name = (column: string) => text(column).notNull().default('');

/**
 * What happened, by few names, each combination and each part of it that somebody asks for: so whatever is asked reads
 * few rows, however many requests, users and keys there are. `level` says which of the names a row is by.
 */
const overviewSums = () => ({
  /** When the time begins that is summed. */
  slot: timestamp('slot', { withTimezone: true, mode: 'date' }).notNull(),
  level: text('level').notNull(),
  project: name('project'),
  model: name('model'),
  /** Of levels of targets `provider/model`, of levels of errors the code. */
  subject: name('subject'),
  requests: count('requests'),
  /** Those that failed, by whose fault it was. */
  clientErrors: count('client_errors'),
  policyErrors: count('policy_errors'),
  providerErrors: count('provider_errors'),
  gatewayErrors: count('gateway_errors'),
  aborted: count('aborted'),
  /** Those that were reported. */
  inputTokens: count('input_tokens'),
  outputTokens: count('output_tokens'),
  costNanoUsd: count('cost_nano_usd'),
  costUnknownRequests: count('cost_unknown_requests'),
  /** Net, so it may be negative. */
  savedNanoUsd: count('saved_nano_usd'),
  /** What the cache did, where one is on. */
  exactHits: count('exact_hits'),
  semanticHits: count('semantic_hits'),
  coalescedHits: count('coalesced_hits'),
  cacheMisses: count('cache_misses'),
  cacheBypasses: count('cache_bypasses'),
  /** How long they took: the first bin of latency-bins.ts, then the counts from it on. Null where nothing was timed. */
  latency: integer('latency').array(),
  ttft: integer('ttft').array(),
});

/** Minutes, for what was just now; they are kept for some days. */
export const overviewMinutes = pgTable('overview_minutes', overviewSums(), (table) => [
  primaryKey({ columns: [table.level, table.slot, table.project, table.model, table.subject] }),
]);

/** The same by 15 minutes. */
export const overviewSlots = pgTable('overview_slots', overviewSums(), (table) => [
  primaryKey({ columns: [table.level, table.slot, table.project, table.model, table.subject] }),
]);
