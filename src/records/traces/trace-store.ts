import { Client, type ClientConfig, DatabaseError } from 'pg';

import { JournalMovedError, type JournalMove, isMoved, moveJournal } from '../journal/position-store.ts';
import { ModelNames } from '../overview/model-names.ts';
import { UnwritableError } from './binary-columns.ts';
import { KnownPartitions, isWithoutPartition } from './partitions/partition-store.ts';
import { type BatchSums, insertStatement, sumsOfBatch } from './insert-statement-store.ts';
import { KnownSeries } from './rollup-store.ts';
import type { TraceRow } from './trace-row.ts';

/** How to reach the database; plain data that may be posted to a thread. */
export type DatabaseConnection = ClientConfig;

/** What a connection knows to be in the database, and need not make again. */
export class KnownThere {
  readonly series = new KnownSeries();
  readonly partitions = new KnownPartitions();
  /** Models that have sums of their own. */
  readonly names: ModelNames;

  constructor(names = new ModelNames()) {
    this.names = names;
  }
}

const NOT_NULL_VIOLATION = '23502';
const MOST_VANISHED = 3;

/**
 * Writes rows and adds them to the sums, once each: a trace that is there already stays as it is and adds
 * nothing, so a batch may be sent again.
 * @throws JournalMovedError where the journal is not where the move begins; then nothing was written
 */
export async function insertTraces(
  client: Pick<Client, 'query'>,
  rows: readonly TraceRow[],
  known = new KnownThere(),
  move?: JournalMove,
): Promise<void> {
  let fresh = [...new Map(rows.toReversed().map((row) => [row.traceId, row])).values()].toReversed();
  let vanished = 0;
  while (fresh.length > 0) {
    const sums = sumsOfBatch(fresh, known.names);
    await known.series.store(client, sums.series);
    await known.partitions.make(client, fresh);
    const outcome = await add(client, fresh, sums, move);
    if (outcome === 'added') return;
    if (outcome === 'no partition') {
      known.partitions.forget();
      vanished += 1;
      if (vanished > MOST_VANISHED) throw new Error('the partition of a day is dropped as often as it is made');
      continue;
    }
    const left = await withoutStored(client, fresh);
    // They were deleted in between. Whoever writes pauses before it tries again.
    if (left.length === fresh.length) throw new Error('traces that were in the database a moment ago are gone');
    fresh = left;
  }
  if (move) await moveJournal(client, move);
}

/** Nothing is written where some of the rows are there already, or a partition was dropped in between. */
async function add(
  client: Pick<Client, 'query'>,
  rows: readonly TraceRow[],
  sums: BatchSums,
  move: JournalMove | undefined,
): Promise<'added' | 'some are there' | 'no partition'> {
  const { text, parameters } = insertStatement(rows, sums, move);
  try {
    await client.query(text, parameters);
    return 'added';
  } catch (error) {
    if (move && isMoved(error)) throw new JournalMovedError(move.journal, { cause: error });
    if (error instanceof DatabaseError && error.code === NOT_NULL_VIOLATION && error.table === 'usage_slots') {
      return 'some are there';
    }
    if (isWithoutPartition(error)) return 'no partition';
    throw error;
  }
}

/** Asked for by their times, of which the primary key begins. */
async function withoutStored(client: Pick<Client, 'query'>, rows: readonly TraceRow[]): Promise<TraceRow[]> {
  const times = [...new Set(rows.map(({ startedAt }) => startedAt))];
  const found = await client.query<{ trace_id: string }>(
    'select trace_id from traces where started_at = any($1::timestamptz[])',
    [times],
  );
  const stored = new Set(found.rows.map((row) => row.trace_id));
  return rows.filter(({ traceId }) => !stored.has(traceId));
}

/** SQLSTATE classes for which the same rows fail again: bad data, broken constraints, limits of the engine. */
const REFUSALS = new Set(['22', '23', '54']);

/** Whether the database would refuse the same rows again, or they cannot even be sent. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof UnwritableError) return true;
  return error instanceof DatabaseError && REFUSALS.has(error.code?.slice(0, 2) ?? '');
}

const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** One connection that is made when it is needed, and made again after it failed. */
export class TraceConnection {
  readonly #config: DatabaseConnection;
  #client: Client | undefined;
  /** They stay the same when a connection is made anew. */
  readonly #names = new ModelNames();
  #known = new KnownThere(this.#names);

  constructor(connection: DatabaseConnection) {
    this.#config = {
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...connection,
      // On the client's side, since nothing may be set in a session that others share.
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    };
  }

  /** @throws JournalMovedError, and whatever the database says */
  insert(rows: readonly TraceRow[], move?: JournalMove): Promise<void> {
    return this.use((client) => insertTraces(client, rows, this.#known, move));
  }

  async use<T>(work: (client: Pick<Client, 'query'>) => Promise<T>): Promise<T> {
    const client = await this.#connected();
    try {
      return await work(client);
    } catch (error) {
      if (!isRefusal(error) && !(error instanceof JournalMovedError)) this.#drop(client);
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
    // What answers now may be another database, or this one as it was before.
    this.#known = new KnownThere(this.#names);
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
