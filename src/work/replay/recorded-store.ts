import type { CacheState } from '../../core/caching.ts';
import type { Dialect, Operation } from '../../core/call.ts';
import { isJsonObject } from '../../core/json.ts';
import { type StoredTrace, traces } from '../../records/traces/schema.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import {
  type SQL,
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  like,
  lt,
  lte,
  notLike,
  or,
  sql,
} from '../../storage/drizzle/queries.ts';
import type { RecordedAttempt, RecordedRequest, RecordedSaving, TwinAnswer } from './recorded-request.ts';

/** Which requests. */
export interface RecordedQuestion {
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
  /** As the client asked. */
  readonly model?: string | undefined;
  readonly project?: string | undefined;
}

type Queries = Pick<Database, 'orm'>;

/** Small enough that neither the database nor this thread is busy for long; a text has up to 256 KB. */
const PAGE_ROWS = 200;
/** What the gateway asks by itself has paths that begin so. */
const OWN = 'causeway/%';
const SHADOW = 'causeway/shadow';
/** A mirrored request begins at most so long after the one that it mirrors. */
const SHADOW_WITHIN_MS = 3_600_000;
/** The trace that a shadow's request mirrors. */
const MIRRORED = sql<string>`${traces.metadata} ->> 'shadow_of'`;

const COLUMNS = {
  traceId: traces.traceId,
  startedAt: traces.startedAt,
  status: traces.status,
  organisation: traces.organisation,
  project: traces.project,
  keyId: traces.keyId,
  userId: traces.userId,
  conversationId: traces.conversationId,
  endpoint: traces.endpoint,
  dialect: traces.dialect,
  operation: traces.operation,
  model: traces.model,
  virtualModel: traces.virtualModel,
  target: traces.target,
  promptVersion: traces.promptVersion,
  streamed: traces.streamed,
  finishReason: traces.finishReason,
  cache: traces.cache,
  costNanoUsd: traces.costNanoUsd,
  costKnown: traces.costKnown,
  latencyMs: traces.latencyMs,
  ttftMs: traces.ttftMs,
  overheadMs: traces.overheadMs,
  errorCode: traces.errorCode,
  errorOrigin: traces.errorOrigin,
  attempts: traces.attempts,
  savings: traces.savings,
  routing: traces.routing,
  metadata: traces.metadata,
  input: traces.input,
} as const;

const SELECTED = { ...COLUMNS, outputBytes: sql<number | null>`octet_length(${traces.output}::text)` };

type Row = Pick<StoredTrace, keyof typeof COLUMNS> & { readonly outputBytes: number | null };

/** What clients asked, page by page in the order of time. @throws storage_unavailable */
export function recordedRequests(
  queries: Queries,
  question: RecordedQuestion,
): AsyncGenerator<readonly RecordedRequest[]> {
  return pagesOf(queries, question, notLike(traces.endpoint, OWN));
}

/** The same with what shadows asked once more: what there is to learn from. @throws storage_unavailable */
export function recordedAnswers(
  queries: Queries,
  question: RecordedQuestion,
): AsyncGenerator<readonly RecordedRequest[]> {
  // Who judges the answers of shadows is asked on the same path.
  const mirrored = and(eq(traces.endpoint, SHADOW), isNotNull(MIRRORED));
  return pagesOf(queries, question, or(notLike(traces.endpoint, OWN), mirrored));
}

/** Pages of requests with their texts, while nobody may wait for long. */
const SHORT_PAGE_ROWS = 50;

/** What clients asked for a model, the newest first, no more than so many. @throws storage_unavailable */
export async function* recentRequests(
  { orm }: Queries,
  { model, project, since }: Omit<RecordedQuestion, 'until'> & { readonly model: string },
  most: number,
): AsyncGenerator<readonly RecordedRequest[]> {
  let last: Row | undefined;
  for (let left = most; left > 0;) {
    const size = Math.min(SHORT_PAGE_ROWS, left);
    const rows: Row[] = await asked(
      orm
        .select(SELECTED)
        .from(traces)
        .where(
          and(
            gte(traces.startedAt, since),
            eq(traces.model, model),
            project === undefined ? undefined : eq(traces.project, project),
            notLike(traces.endpoint, OWN),
            last && and(lte(traces.startedAt, last.startedAt), isBefore(last)),
          ),
        )
        .orderBy(desc(traces.startedAt), desc(traces.traceId))
        .limit(size),
    );
    if (rows.length > 0) yield rows.map(requestOf);
    last = rows.at(-1);
    left -= rows.length;
    if (rows.length < size) return;
  }
}

async function* pagesOf(
  { orm }: Queries,
  question: RecordedQuestion,
  which: SQL | undefined,
): AsyncGenerator<readonly RecordedRequest[]> {
  let last: Row | undefined;
  for (;;) {
    const query = orm
      .select(SELECTED)
      .from(traces)
      .where(and(...within(question, last?.startedAt), which, last && isAfter(last)))
      .orderBy(asc(traces.startedAt), asc(traces.traceId))
      .limit(PAGE_ROWS);
    const rows: Row[] = await asked(query);
    if (rows.length > 0) yield rows.map(requestOf);
    last = rows.at(-1);
    if (rows.length < PAGE_ROWS) return;
  }
}

/** Of its position the time alone as well, by which partitions are left out. */
function within({ since, until, model, project }: RecordedQuestion, from = since): (SQL | undefined)[] {
  return [
    gte(traces.startedAt, from),
    lt(traces.startedAt, until),
    model === undefined ? undefined : or(eq(traces.model, model), eq(traces.virtualModel, model)),
    project === undefined ? undefined : eq(traces.project, project),
  ];
}

function isAfter({ startedAt, traceId }: Row): SQL {
  return sql`(${traces.startedAt}, ${traces.traceId}) > (${startedAt.toISOString()}::timestamptz, ${traceId})`;
}

function isBefore({ startedAt, traceId }: Row): SQL {
  return sql`(${traces.startedAt}, ${traces.traceId}) < (${startedAt.toISOString()}::timestamptz, ${traceId})`;
}

/** What other targets answered to the same requests, by trace. @throws storage_unavailable */
export async function twinsOf(
  { orm }: Queries,
  requests: readonly RecordedRequest[],
): Promise<ReadonlyMap<string, readonly TwinAnswer[]>> {
  const [first, last] = [requests[0], requests.at(-1)];
  const twins = new Map<string, TwinAnswer[]>();
  if (!first || !last) return twins;
  const query = orm
    .select({ original: MIRRORED, attempts: traces.attempts })
    .from(traces)
    .where(
      and(
        eq(traces.endpoint, SHADOW),
        gte(traces.startedAt, new Date(first.startedAt)),
        lt(traces.startedAt, new Date(last.startedAt + SHADOW_WITHIN_MS)),
        inArray(
          MIRRORED,
          requests.map(({ traceId }) => traceId),
        ),
      ),
    );
  for (const row of await asked(query)) {
    const attempt = attemptsIn(row.attempts).find(({ outcome, usage }) => outcome === 'completed' && usage);
    if (!attempt) continue;
    twins.set(row.original, [...(twins.get(row.original) ?? []), { target: attempt.target, attempt }]);
  }
  return twins;
}

/** What the gateway asked by itself in that time, and what of it is known to have cost something. */
export interface OwnCalls {
  readonly endpoint: string;
  readonly requests: number;
  readonly costNanoUsd: number;
}

/** @throws storage_unavailable */
export async function ownCallsOf({ orm }: Queries, question: RecordedQuestion): Promise<OwnCalls[]> {
  const query = orm
    .select({
      endpoint: traces.endpoint,
      requests: sql<number>`count(*)`.mapWith(Number),
      costNanoUsd: sql<number>`coalesce(sum(${traces.costNanoUsd}), 0)`.mapWith(Number),
    })
    .from(traces)
    .where(and(...within({ ...question, model: undefined }), like(traces.endpoint, OWN)))
    .groupBy(traces.endpoint)
    .orderBy(asc(traces.endpoint));
  return asked(query);
}

function requestOf(row: Row): RecordedRequest {
  const { startedAt, dialect, operation, cache, attempts, savings, routing, metadata, outputBytes, ...rest } = row;
  return {
    ...rest,
    // A shadow counts as a model of its own; what is asked is the client's.
    ...(rest.endpoint === SHADOW && { virtualModel: rest.model }),
    startedAt: startedAt.getTime(),
    // Written by us, from values of these types.
    dialect: dialect as Dialect,
    operation: operation as Operation,
    cache: cache as CacheState | null,
    attempts: attemptsIn(attempts),
    savings: Array.isArray(savings) ? (savings as RecordedSaving[]) : [],
    routing: isJsonObject(routing) ? routing : undefined,
    metadata: isJsonObject(metadata) ? metadata : undefined,
    outputBytes,
  };
}

/** What was nested too deeply is a text. */
function attemptsIn(attempts: unknown): readonly RecordedAttempt[] {
  return Array.isArray(attempts) ? (attempts as RecordedAttempt[]) : [];
}
