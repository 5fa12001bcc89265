import { type SQL, and, desc, eq, getTableColumns, gte, lt, sql } from 'drizzle-orm';
import { Client, type ClientConfig, DatabaseError } from 'pg';

import type { Database } from '../../storage/database/database.ts';
import { asked } from '../../storage/database/asked.ts';
import { type StoredTrace, traces } from './schema.ts';
import type { TraceRow } from './trace-row.ts';

/** How to reach the database; plain data that may be posted to a thread. */
export type DatabaseConnection = ClientConfig;

/** Where a page of traces begins: after this one, newest first. */
export interface TracePosition {
  readonly startedAt: Date;
  readonly traceId: string;
}

export interface TraceFilter {
  readonly model?: string | undefined;
  readonly userId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly project?: string | undefined;
  readonly status?: string | undefined;
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

/** A trace without its texts. */
export type ListedTrace = Omit<StoredTrace, 'input' | 'output'>;

const COLUMNS = getTableColumns(traces);
const COLUMN_KEYS = Object.keys(COLUMNS) as (keyof StoredTrace)[];
const COLUMN_NAMES = COLUMN_KEYS.map((key) => COLUMNS[key].name).join(', ');
const { input: _input, output: _output, ...LISTED_COLUMNS } = COLUMNS;

/** Reads traces. @throws storage_unavailable where the database does not answer */
export class TraceStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  /** The newest first, at most `limit`, from the position on. */
  list(filter: TraceFilter, limit: number, after?: TracePosition): Promise<ListedTrace[]> {
    const query = this.#orm
      .select(LISTED_COLUMNS)
      .from(traces)
      .where(and(...conditionsOf(filter), after && isAfter(after)))
      .orderBy(desc(traces.startedAt), desc(traces.traceId))
      .limit(limit);
    return asked(query);
  }

  async get(traceId: string): Promise<StoredTrace | undefined> {
    const [trace] = await asked(this.#orm.select().from(traces).where(eq(traces.traceId, traceId)));
    return trace;
  }
}

function conditionsOf(filter: TraceFilter): (SQL | undefined)[] {
  const { model, userId, endpoint, project, status, since, until } = filter;
  return [
    model === undefined ? undefined : eq(traces.model, model),
    userId === undefined ? undefined : eq(traces.userId, userId),
    endpoint === undefined ? undefined : eq(traces.endpoint, endpoint),
    project === undefined ? undefined : eq(traces.project, project),
    status === undefined ? undefined : eq(traces.status, status),
    since && gte(traces.startedAt, since),
    until && lt(traces.startedAt, until),
  ];
}

/** A comparison of rows, which the index answers; rows that arrive meanwhile move no page. */
function isAfter({ startedAt, traceId }: TracePosition): SQL {
  return sql`(${traces.startedAt}, ${traces.traceId}) < (${startedAt.toISOString()}::timestamptz, ${traceId})`;
}

/** One array a column: the statement stays the same for any number of rows, and costs less than a place for each value. */
const INSERT = `insert into traces (${COLUMN_NAMES})
  select * from unnest(${COLUMN_KEYS.map((key, at) => `$${at + 1}::${COLUMNS[key].getSQLType()}[]`).join(', ')})
  on conflict (trace_id) do nothing`;

/** Writes rows in one statement; a trace that is there already stays as it is, so a batch may be sent again. */
export async function insertTraces(client: Pick<Client, 'query'>, rows: readonly TraceRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    INSERT,
    COLUMN_KEYS.map((key) => rows.map((row) => row[key])),
  );
}

/** SQLSTATE classes for which the same rows fail again: bad data, broken constraints, limits of the engine. */
const REFUSALS = new Set(['22', '23', '54']);

/** Whether the database would refuse the same rows again. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && REFUSALS.has(error.code?.slice(0, 2) ?? '');
}

const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** One connection that is made when it is needed, and made again after it failed. */
export class TraceConnection {
  readonly #config: DatabaseConnection;
  #client: Client | undefined;

  constructor(connection: DatabaseConnection) {
    this.#config = {
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...connection,
      // On the client's side, since nothing may be set in a session that others share.
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    };
  }

  async insert(rows: readonly TraceRow[]): Promise<void> {
    const client = await this.#connected();
    try {
      await insertTraces(client, rows);
    } catch (error) {
      if (!isRefusal(error)) this.#drop(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    const client = new Client(this.#config);
    client.on('error', () => this.#drop(client));
    await client.connect();
    this.#client = client;
    return client;
  }

  /** Nothing waits for the farewell: the other side may be gone. */
  #drop(client: Client): void {
    if (this.#client === client) this.#client = undefined;
    client.end().catch(() => undefined);
  }
}
