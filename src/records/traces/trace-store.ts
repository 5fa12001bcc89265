import { Client, type ClientConfig, DatabaseError } from 'pg';

import {
  JournalMovedError,
  type JournalMove,
  isMoved,
  moveJournal,
  moveParameters,
  moveStatement,
} from '../journal/position-store.ts';
import { KnownPartitions, isWithoutPartition } from './partitions/partition-store.ts';
import { type BatchUsage, usageOfBatch } from './rollup-batch.ts';
import {
  KnownSeries,
  SAVING_PARAMETERS,
  SUM_PARAMETERS,
  addSums,
  savingParameters,
  sumParameters,
} from './rollup-store.ts';
import type { StoredTrace } from './schema.ts';
import type { TraceRow } from './trace-row.ts';
import { TRACE_COLUMNS } from './written-columns.ts';

/** How to reach the database; plain data that may be posted to a thread. */
export type DatabaseConnection = ClientConfig;

const COLUMN_KEYS = Object.keys(TRACE_COLUMNS) as (keyof StoredTrace)[];
const COLUMNS = COLUMN_KEYS.map((key) => TRACE_COLUMNS[key]);
const COLUMN_NAMES = COLUMNS.map(({ name }) => name).join(', ');
/** A list of lists would be one list in the end, so each of them comes as text. */
const GIVEN_TYPES = COLUMNS.map(({ type }) => (type.endsWith('[]') ? 'text' : type));
const GIVEN_VALUES = COLUMNS.map(({ name, type }) => `${name}::${type}`).join(', ');
const ROWS = COLUMN_KEYS.length + 1;

/** What a connection knows to be in the database, and need not make again. */
export class KnownThere {
  readonly series = new KnownSeries();
  readonly partitions = new KnownPartitions();
}

/**
 * Traces, and what they add to the sums of usage, in one statement, so that both are written or neither. One array a
 * column: the statement stays the same for any number of rows, and costs less than a place for each value.
 *
 * The sums are those of all rows, so all must be new: else there is no slot to add to, and the statement is refused.
 * What was saved is added where something was; with the journal's position, what is written and how far it was read
 * never differ. Tables come in one order in all four, so that two replicas never wait for each other crosswise.
 */
function insertStatement(saves: boolean, moves: boolean): string {
  const daysFrom = ROWS + 1;
  const slotsFrom = daysFrom + SUM_PARAMETERS;
  const savingsFrom = slotsFrom + SUM_PARAMETERS;
  const moveFrom = savingsFrom + (saves ? 2 * SAVING_PARAMETERS : 0);
  const parts = [
    `added as (
      insert into traces (${COLUMN_NAMES})
      select ${GIVEN_VALUES} from unnest(${GIVEN_TYPES.map((type, at) => `$${at + 1}::${type}[]`).join(', ')}) as given (${COLUMN_NAMES})
      on conflict (started_at, trace_id, retention_class) do nothing returning 1
    )`,
    `days as (${addSums('usage_days', daysFrom)})`,
  ];
  if (saves) {
    parts.push(
      `saved_slots as (${addSums('savings_slots', savingsFrom)})`,
      `saved_days as (${addSums('savings_days', savingsFrom + SAVING_PARAMETERS)})`,
    );
  }
  if (moves) parts.push(`moved as (${moveStatement(moveFrom)})`);
  const slot = `case when (select count(*) from added) = $${ROWS} then slot end`;
  return `with ${parts.join(', ')} ${addSums('usage_slots', slotsFrom, slot)}`;
}

const INSERT = { plain: insertStatement(false, false), saving: insertStatement(true, false) } as const;
const INSERT_AND_MOVE = { plain: insertStatement(false, true), saving: insertStatement(true, true) } as const;

const NOT_NULL_VIOLATION = '23502';
const MOST_VANISHED = 3;

/**
 * Writes rows and adds them to the sums of usage, once each: a trace that is there already stays as it is and adds
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
    const usage = usageOfBatch(fresh);
    await known.series.store(client, usage.series);
    await known.partitions.make(client, fresh);
    const outcome = await add(client, fresh, usage, move);
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
  usage: BatchUsage,
  move: JournalMove | undefined,
): Promise<'added' | 'some are there' | 'no partition'> {
  const columns = COLUMN_KEYS.map((key) => rows.map((row) => row[key]));
  const { slots, days } = usage.savings;
  const [kind, savings]: [keyof typeof INSERT, unknown[][]] =
    slots.length === 0 ? ['plain', []] : ['saving', [...savingParameters(slots), ...savingParameters(days)]];
  const given = [...columns, rows.length, ...sumParameters(usage.days), ...sumParameters(usage.slots), ...savings];
  try {
    await (move
      ? client.query(INSERT_AND_MOVE[kind], [...given, ...moveParameters(move)])
      : client.query(INSERT[kind], given));
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
  #known = new KnownThere();

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
    this.#known = new KnownThere();
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
