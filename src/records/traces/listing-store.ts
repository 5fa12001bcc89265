import { GatewayError } from '../../core/errors.ts';
import { DAY_MS } from '../../core/units.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type ListPosition, comesAfter } from '../../storage/database/list-position.ts';
import { type SQL, and, desc, eq, getTableColumns } from '../../storage/drizzle/queries.ts';
import { conditionsOf, withinTime } from './filter-store.ts';
import { type Queries, withinLimit } from './limited-store.ts';
import { daysOf } from './partitions/partition-list-store.ts';
import { type StoredTrace, traces } from './schema.ts';
import type { Stretch } from './stretches.ts';
import { TimeIsOverError, walkBack } from './time-walk.ts';
import { type TraceFilter, isReadThrough } from './trace-filter.ts';
import { timeOfTraceId } from './trace-time.ts';

/** A trace without its texts. */
export type ListedTrace = Omit<WholeTrace, 'input' | 'output'>;
/** All of a trace. */
export type WholeTrace = Omit<StoredTrace, 'searchText' | 'searchGrams'>;

export interface Page<Trace> {
  readonly traces: readonly Trace[];
  /** Where the next page begins; undefined where there is none. A page may be short and have one: see `LIMIT_MS`. */
  readonly next: ListPosition | undefined;
}

/** Nobody waits longer for a page: what was found until then is one. */
const LIMIT_MS = 10_000;
/** What the embedded engine may be asked to read through at once, since nothing ends it. */
const SHORT_MS = 600_000;

const { searchText: _searchText, searchGrams: _searchGrams, ...WHOLE_COLUMNS } = getTableColumns(traces);
const { input: _input, output: _output, ...LISTED_COLUMNS } = WHOLE_COLUMNS;

const NEWEST_FIRST = [desc(traces.startedAt), desc(traces.traceId)];

type Read<Trace> = (queries: Queries, where: SQL | undefined, most: number) => PromiseLike<Trace[]>;

const readListed: Read<ListedTrace> = (queries, where, most) =>
  queries
    .select(LISTED_COLUMNS)
    .from(traces)
    .where(where)
    .orderBy(...NEWEST_FIRST)
    .limit(most);

const readWhole: Read<WholeTrace> = (queries, where, most) =>
  queries
    .select(WHOLE_COLUMNS)
    .from(traces)
    .where(where)
    .orderBy(...NEWEST_FIRST)
    .limit(most);

/** Reads traces. @throws storage_unavailable where the database does not answer */
export class TraceStore {
  readonly #database: Pick<Database, 'kind' | 'orm'>;

  constructor(database: Pick<Database, 'kind' | 'orm'>) {
    this.#database = database;
  }

  /** The newest first, at most `limit`, from the position on. @throws deadline_exceeded where nothing is found in time */
  list(filter: TraceFilter, limit: number, after?: ListPosition): Promise<Page<ListedTrace>> {
    return this.#page(filter, limit, after, readListed);
  }

  /** The same with their texts. */
  listWhole(filter: TraceFilter, limit: number, after?: ListPosition): Promise<Page<WholeTrace>> {
    return this.#page(filter, limit, after, readWhole);
  }

  /** An id holds its time, so few partitions are looked into, and none for what is no id of ours. */
  async get(traceId: string): Promise<WholeTrace | undefined> {
    const at = timeOfTraceId(traceId);
    if (at === undefined) return undefined;
    // The clock may have been set while the call began.
    for (const time of [withinTime(at, at + 1), withinTime(at - DAY_MS, at + DAY_MS + 1)]) {
      const query = this.#database.orm
        .select(WHOLE_COLUMNS)
        .from(traces)
        .where(and(eq(traces.traceId, traceId), ...time))
        .limit(1);
      const [trace] = await asked(query);
      if (trace) return trace;
    }
    return undefined;
  }

  async #page<Trace extends ListedTrace>(
    filter: TraceFilter,
    limit: number,
    after: ListPosition | undefined,
    read: Read<Trace>,
  ): Promise<Page<Trace>> {
    const { kind, orm } = this.#database;
    const conditions = [...conditionsOf(filter), ...(after ? [isAfter(after)] : [])];
    const options = {
      days: await daysOf(orm),
      from: filter.since?.getTime() ?? 0,
      until: Math.min(filter.until?.getTime() ?? Infinity, after ? after.at.getTime() + 1 : Infinity),
      limit: limit + 1,
      firstMs: kind === 'embedded' && isReadThrough(filter) ? SHORT_MS : DAY_MS,
      limitMs: LIMIT_MS,
      monotonic: () => performance.now(),
    };
    const readStretch = ({ from, until }: Stretch, most: number, limitMs: number) =>
      withinLimit(this.#database, limitMs, (queries) =>
        read(queries, and(...conditions, ...withinTime(from, until)), most),
      );
    const { rows, stoppedAt } = await walkBack(options, readStretch).catch(tellTime);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    if (rows.length > limit && last) return { traces: page, next: { at: last.startedAt, id: last.traceId } };
    return { traces: page, next: stoppedAt === undefined ? undefined : { at: new Date(stoppedAt), id: FIRST_ID } };
  }
}

/** Before all ids of its moment. */
const FIRST_ID = '-';

function isAfter(position: ListPosition): SQL {
  return comesAfter(traces.startedAt, traces.traceId, position);
}

function tellTime(error: unknown): never {
  if (!(error instanceof TimeIsOverError)) throw error;
  throw new GatewayError('deadline_exceeded', {
    message: `Nothing was found within ${LIMIT_MS / 1000} s. Narrow the time with \`since\` and \`until\`, or ask for a model, a user, a project or a conversation too.`,
    cause: error,
  });
}
