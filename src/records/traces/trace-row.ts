import type { Json } from '../../core/json.ts';
import { redactSecrets } from '../../core/redaction.ts';
import { LATEST_MS, storableText } from '../../storage/database/storable.ts';
import type { JournalEntry } from '../journal/entry-codec.ts';
import type { CallRecord } from '../journal/record.ts';
import { type OverviewShare, overviewShareOf } from '../overview/overview-shares.ts';
import { type VerdictShare, verdictSharesOf } from '../verdicts/verdict-shares.ts';
import { type Booking, bookingsOf } from './bookings.ts';
import { routingRowOf } from './routing-row.ts';
import { type Share, sharesOf } from './rollup-shares.ts';
import type { StoredTrace } from './schema.ts';
import { gramsOf } from './search/grams.ts';
import { searchTextOf } from './search/search-text.ts';
import { storableBody, storableName, storableValue } from './storable-text.ts';

/** One row, as it is sent: times, and json and jsonb columns as JSON, are text. */
export type TraceRow = {
  readonly [Column in Exclude<keyof StoredTrace, 'searchGrams'>]: unknown extends StoredTrace[Column]
    ? string | null
    : StoredTrace[Column] extends Date
      ? string
      : StoredTrace[Column];
} & {
  readonly searchGrams: Int32Array | null;
  /** What it adds to the sums of usage; the first is of the whole request. */
  readonly shares: readonly Share[];
  /** What it adds to the sums of savings. */
  readonly bookings: readonly Booking[];
  /** What it is in the sums of the overview. */
  readonly overview: OverviewShare;
  /** What it adds to the sums of verdicts. */
  readonly verdictShares: readonly VerdictShare[];
};

const MAX_MESSAGE_CHARS = 4096;
/** Providers' counts are not to be trusted: some wild ones must not make the sums of usage too large for a number. */
const MOST_TOKENS = 1e12;
const MOST_NANO_USD = 1e15;

/**
 * Any record as a row that the database takes. Never throws: what cannot be stored is replaced, not refused. Texts are
 * stored, and searched, as they are in the entry: what nobody may see has to be out of it.
 */
export function toTraceRow(entry: JournalEntry): TraceRow {
  const { record } = entry;
  const names = namesOf(record);
  const measures = measuresOf(record);
  const attempts = listOf(record.attempts);
  const bookings = bookingsOf(record.savings);
  return {
    ...names,
    ...measures,
    ...errorOf(record),
    streamed: record.streamed,
    simulated: record.simulated,
    attempts,
    spans: listOf(record.spans),
    patches: listOf(record.patches),
    verdicts: record.verdicts === undefined ? null : listOf(record.verdicts),
    warnings: listOf(warningsOf(entry)),
    savings: listOf(bookings),
    routing: routingOf(record),
    metadata: record.metadata === undefined ? null : storableValue(record.metadata),
    ...textsOf(entry),
    shares: sharesOf({ ...names, ...measures }, isList(attempts) ? record.attempts : []),
    bookings,
    overview: overviewShareOf(record),
    verdictShares: verdictSharesOf(record),
  };
}

/** The row without anything that a client or a provider wrote freely, for a database that refuses the whole one. */
export function toPlainRow(row: TraceRow): TraceRow {
  return {
    ...row,
    input: null,
    output: null,
    searchText: null,
    searchGrams: null,
    metadata: null,
    patches: null,
    attempts: null,
    spans: null,
    shares: sharesOf(row, []),
    warnings: listOf(['The database refused the texts and details of this record, so they were left out.']),
  };
}

function namesOf(record: CallRecord) {
  return {
    traceId: storableText(record.traceId),
    status: record.status,
    organisation: storableName(record.organisation),
    project: storableName(record.project),
    keyId: storableName(record.keyId),
    userId: storableName(record.userId),
    conversationId: storableName(record.conversationId),
    retentionClass: storableName(record.policy.retentionClass) ?? '',
    w3cTraceId: storableName(record.traceContext?.traceId),
    parentSpanId: storableName(record.traceContext?.parentId),
    endpoint: storableName(record.endpoint) ?? '',
    dialect: record.dialect,
    operation: record.operation,
    model: storableName(record.requestModel),
    virtualModel: storableName(record.virtualModel),
    responseModel: storableName(record.responseModel),
    target: storableName(record.target),
    promptVersion: storableName(record.promptVersion),
    arm: storableName(record.arm),
    finishReason: storableName(record.finishReason),
    cache: storableName(record.cache),
  };
}

function measuresOf({ usage, ...record }: CallRecord) {
  return {
    startedAt: new Date(between(0, record.startedAt, LATEST_MS)).toISOString(),
    inputTokens: tokens(usage?.inputTokens),
    outputTokens: tokens(usage?.outputTokens),
    cacheReadInputTokens: tokens(usage?.cacheReadInputTokens),
    cacheCreationInputTokens: tokens(usage?.cacheCreationInputTokens),
    cacheCreation1hInputTokens: tokens(usage?.cacheCreation1hInputTokens),
    reasoningOutputTokens: tokens(usage?.reasoningOutputTokens),
    costNanoUsd: Math.round(between(0, record.costNanoUsd, MOST_NANO_USD)),
    costKnown: record.costKnown,
    costAssumedNanoUsd: Math.round(between(0, assumedCost(record), MOST_NANO_USD)),
    latencyMs: between(0, record.latencyMs, Number.MAX_SAFE_INTEGER),
    ttftMs: record.ttftMs === undefined ? null : between(0, record.ttftMs, Number.MAX_SAFE_INTEGER),
    interTokenP95Ms:
      record.interTokenP95Ms === undefined ? null : between(0, record.interTokenP95Ms, Number.MAX_SAFE_INTEGER),
    overheadMs: between(0, record.overheadMs, Number.MAX_SAFE_INTEGER),
  };
}

/** Of the attempts whose usage the provider did not report. */
function assumedCost({ attempts }: Pick<CallRecord, 'attempts'>): number {
  return attempts.reduce(
    (sum, { usageSource, costNanoUsd = 0 }) => (usageSource === 'assumed' ? sum + (costNanoUsd ?? 0) : sum),
    0,
  );
}

function errorOf({ error }: CallRecord) {
  return {
    errorCode: error?.code ?? null,
    errorMessage: error ? redactSecrets(storableText(error.message)).slice(0, MAX_MESSAGE_CHARS).toWellFormed() : null,
    errorOrigin: error?.origin ?? null,
  };
}

function warningsOf({ record, textsDropped }: JournalEntry): readonly string[] {
  if (!textsDropped) return record.warnings;
  return [...record.warnings, 'Input and output were not recorded: too many records were waiting to be written.'];
}

/** Of texts that are kept as their lengths and hashes nothing can be found. */
function textsOf({ record: { policy }, input, output }: JournalEntry) {
  const said = input && storableBody(input);
  const answered = output && storableBody(output);
  const isSearched = policy.search && (policy.bodies === 'full' || policy.bodies === 'redacted');
  return {
    input: said?.json ?? null,
    output: answered?.json ?? null,
    ...searchOf(isSearched ? searchTextOf(said?.value, answered?.value) : null),
  };
}

function searchOf(searchText: string | null) {
  return { searchText, searchGrams: searchText === null ? null : gramsOf(searchText) };
}

/** Facts come out of JSON, so they are JSON. */
function listOf(values: readonly unknown[]): string | null {
  return values.length === 0 ? null : storableValue(values as Json);
}

function routingOf(record: CallRecord): string | null {
  const routing = routingRowOf(record);
  return routing === null ? null : storableValue(routing as unknown as Json);
}

/** What is nested too deeply is replaced by a text. */
function isList(json: string | null): boolean {
  return json?.startsWith('[') ?? false;
}

function tokens(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(between(0, value, MOST_TOKENS));
}

/** JSON writes what is not finite as null, which counts as the least here. */
function between(least: number, value: number | null, most: number): number {
  return value === null || Number.isNaN(value) ? least : Math.min(Math.max(value, least), most);
}
