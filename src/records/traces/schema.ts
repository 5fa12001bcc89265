import { sql } from '../../storage/drizzle/queries.ts';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from '../../storage/drizzle/tables.ts';

/** As the driver parsed it. The builder's own type parses what is a string once more, which makes `"7"` a number. */
const jsonb = customType<{ data: unknown }>({ dataType: () => 'jsonb' });

/** Text that is checked to be JSON: what is only shown and never asked about costs a third less to write than jsonb. */
const json = customType<{ data: unknown }>({ dataType: () => 'json' });

/** As text, in the form of the database. It is asked for by what it contains, and never read. */
const numbers = customType<{ data: string }>({ dataType: () => 'integer[]' });

const tokens = (name: string) => bigint(name, { mode: 'number' });

/**
 * One row a request. Rows are written once, in the order in which calls end, and never changed.
 *
 * The table is partitioned, which the builder cannot say: migration 0010 does, and its function `traces_partition` makes
 * the parts. By retention class first and then by the day (UTC) of `started_at`, so that what expires is dropped as a
 * table. Every index costs every insert: the primary key is also the order of all listings, and what a partition has
 * indexes for is what narrows most.
 */
export const traces = pgTable(
  'traces',
  {
    traceId: text('trace_id').notNull(),
    startedAt: timestamp('started_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** The project whose records expire by themselves; empty for all others. */
    retentionClass: text('retention_class').notNull().default(''),
    status: text('status').notNull(),
    organisation: text('organisation'),
    project: text('project'),
    keyId: text('key_id'),
    userId: text('user_id'),
    conversationId: text('conversation_id'),
    /** The client's own trace, where it sent a `traceparent`, and its span there. */
    w3cTraceId: text('w3c_trace_id'),
    parentSpanId: text('parent_span_id'),
    endpoint: text('endpoint').notNull(),
    dialect: text('dialect').notNull(),
    operation: text('operation').notNull(),
    model: text('model'),
    virtualModel: text('virtual_model'),
    responseModel: text('response_model'),
    target: text('target'),
    promptVersion: text('prompt_version'),
    /** `kind:id/arm` of an experiment or a canary. */
    arm: text('arm'),
    streamed: boolean('streamed').notNull(),
    simulated: boolean('simulated').notNull(),
    finishReason: text('finish_reason'),
    cache: text('cache'),
    inputTokens: tokens('input_tokens'),
    outputTokens: tokens('output_tokens'),
    cacheReadInputTokens: tokens('cache_read_input_tokens'),
    cacheCreationInputTokens: tokens('cache_creation_input_tokens'),
    cacheCreation1hInputTokens: tokens('cache_creation_1h_input_tokens'),
    reasoningOutputTokens: tokens('reasoning_output_tokens'),
    costNanoUsd: bigint('cost_nano_usd', { mode: 'number' }).notNull(),
    costKnown: boolean('cost_known').notNull(),
    /** The part of the cost that rests on assumed usage. */
    costAssumedNanoUsd: bigint('cost_assumed_nano_usd', { mode: 'number' }).notNull().default(0),
    latencyMs: doublePrecision('latency_ms').notNull(),
    ttftMs: doublePrecision('ttft_ms'),
    interTokenP95Ms: doublePrecision('inter_token_p95_ms'),
    overheadMs: doublePrecision('overhead_ms').notNull(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    errorOrigin: text('error_origin'),
    // Lists; null where empty.
    attempts: json('attempts'),
    spans: json('spans'),
    patches: json('patches'),
    verdicts: json('verdicts'),
    warnings: json('warnings'),
    savings: json('savings'),
    routing: json('routing'),
    metadata: jsonb('metadata'),
    input: json('input'),
    output: json('output'),
    /** What is found by its text, in the form of search-text.ts; null where texts are not kept or not searched. */
    searchText: text('search_text'),
    /** The grams of that text, as numbers, which the index is of. */
    searchGrams: numbers('search_grams'),
  },
  (table) => [
    primaryKey({ name: 'traces_pkey', columns: [table.startedAt, table.traceId, table.retentionClass] }),
    index('traces_model').on(table.model, table.startedAt),
    index('traces_project').on(table.project, table.startedAt),
    index('traces_user')
      .on(table.userId, table.startedAt)
      .where(sql`user_id is not null`),
    index('traces_conversation')
      .on(table.conversationId, table.startedAt)
      .where(sql`conversation_id is not null`),
    index('traces_w3c_trace')
      .on(table.w3cTraceId)
      .where(sql`w3c_trace_id is not null`),
    index('traces_arm')
      .on(table.arm, table.startedAt)
      .where(sql`arm is not null`),
    // Nearly every call completes, so the main index serves that; this one finds the others.
    index('traces_not_completed')
      .on(table.status, table.startedAt)
      .where(sql`status <> 'completed'`),
    index('traces_metadata')
      .using('gin', table.metadata.op('jsonb_path_ops'))
      .where(sql`metadata is not null`),
    index('traces_search')
      .using('gin', table.searchGrams)
      .where(sql`search_grams is not null`),
  ],
);

/** A row as the database gives it back. */
export type StoredTrace = typeof traces.$inferSelect;

/**
 * What usage is summed by, each combination once. `scope` says what the sums are of: requests, the attempts that they
 * made at the target, or both at once, which is so of nearly all: one attempt, at the target that is the request's.
 */
export const usageSeries = pgTable('usage_series', {
  /** Made of the rest, so that every writer knows it without asking. */
  id: uuid('id').primaryKey(),
  scope: text('scope').notNull(),
  organisation: text('organisation'),
  project: text('project'),
  keyId: text('key_id'),
  userId: text('user_id'),
  endpoint: text('endpoint').notNull(),
  model: text('model'),
  virtualModel: text('virtual_model'),
  target: text('target'),
  status: text('status').notNull(),
});

/**
 * Sums of usage by series and time. Tokens that nobody reported are null, which is not 0. Functions of the database
 * (migration 0008) know these columns too.
 */
const usageSums = () => ({
  /** When the time begins that is summed. */
  slot: timestamp('slot', { withTimezone: true, mode: 'date' }).notNull(),
  series: uuid('series').notNull(),
  requests: bigint('requests', { mode: 'number' }).notNull(),
  inputTokens: tokens('input_tokens'),
  outputTokens: tokens('output_tokens'),
  cacheReadInputTokens: tokens('cache_read_input_tokens'),
  cacheCreationInputTokens: tokens('cache_creation_input_tokens'),
  reasoningOutputTokens: tokens('reasoning_output_tokens'),
  costNanoUsd: bigint('cost_nano_usd', { mode: 'number' }).notNull(),
  costAssumedNanoUsd: bigint('cost_assumed_nano_usd', { mode: 'number' }).notNull(),
  costUnknownRequests: bigint('cost_unknown_requests', { mode: 'number' }).notNull(),
});

/** Of 15 minutes each: the local days of every time zone in use are made of these. */
export const usageSlots = pgTable('usage_slots', usageSums(), (table) => [
  primaryKey({ columns: [table.slot, table.series] }),
]);

/** Of the days of UTC: the same sums again, so that a report of months reads a fraction of the rows. */
export const usageDays = pgTable('usage_days', usageSums(), (table) => [
  primaryKey({ columns: [table.slot, table.series] }),
]);

/**
 * Sums of what was saved, by the series of the request, by mechanism and time. `requests` are those on which something
 * was saved.
 */
const savedSums = () => ({
  slot: timestamp('slot', { withTimezone: true, mode: 'date' }).notNull(),
  series: uuid('series').notNull(),
  mechanism: text('mechanism').notNull(),
  requests: bigint('requests', { mode: 'number' }).notNull(),
  /** Negative where finding out cost more than was saved. */
  savedNanoUsd: bigint('saved_nano_usd', { mode: 'number' }).notNull(),
  inputTokens: tokens('input_tokens').notNull(),
  outputTokens: tokens('output_tokens').notNull(),
  /** On which something was saved that has no known price. */
  unknownRequests: bigint('unknown_requests', { mode: 'number' }).notNull(),
});

/** The slots of usage. */
export const savingsSlots = pgTable('savings_slots', savedSums(), (table) => [
  primaryKey({ columns: [table.slot, table.series, table.mechanism] }),
]);

/** The days of usage. */
export const savingsDays = pgTable('savings_days', savedSums(), (table) => [
  primaryKey({ columns: [table.slot, table.series, table.mechanism] }),
]);
