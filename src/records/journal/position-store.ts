import type { Client } from 'pg';

/** A place in the journal of one process: bytes before it are taken over. */
export interface JournalPosition {
  readonly segment: number;
  readonly offset: number;
}

/** A step forward. */
export interface JournalMove {
  readonly journal: string;
  /** Where it has to be now; undefined where the database does not know the journal yet. */
  readonly from: JournalPosition | undefined;
  readonly to: JournalPosition;
}

/** The position is another than was thought: the move, and what was to be written with it, did not happen. */
export class JournalMovedError extends Error {
  override readonly name = 'JournalMovedError';
}

export function moveParameters({ journal, from, to }: JournalMove): unknown[] {
  return [journal, to.segment, to.offset, from?.segment ?? null, from?.offset ?? null];
}

/**
 * The statement that moves a position, alone or as a part of another. From anywhere but `from` the new segment is null,
 * which the column refuses, and so the whole statement.
 * @param first number of its first parameter
 */
export function moveStatement(first: number): string {
  return `insert into journals as there (id, segment, "offset", updated_at)
    values ($${first}::text, $${first + 1}::bigint, $${first + 2}::bigint, now())
    on conflict (id) do update set
      segment = case when there.segment = $${first + 3}::bigint and there."offset" = $${first + 4}::bigint
        then excluded.segment end,
      "offset" = excluded."offset", updated_at = excluded.updated_at`;
}

const NOT_NULL_VIOLATION = '23502';

/** Whether a statement with a move was refused since the position is another. */
export function isMoved(error: unknown): boolean {
  const { code, table } = error as { code?: unknown; table?: unknown };
  return code === NOT_NULL_VIOLATION && table === 'journals';
}

type Queries = Pick<Client, 'query'>;

/** Moves the position where there is nothing to write. @throws JournalMovedError */
export async function moveJournal(client: Queries, move: JournalMove): Promise<void> {
  try {
    await client.query(moveStatement(1), moveParameters(move));
  } catch (error) {
    throw isMoved(error) ? new JournalMovedError(move.journal, { cause: error }) : error;
  }
}

/** Undefined where this database has taken nothing over from the journal. */
export async function readPosition(client: Queries, journal: string): Promise<JournalPosition | undefined> {
  const { rows } = await client.query<{ segment: string; offset: string }>(
    'select segment, "offset" from journals where id = $1',
    [journal],
  );
  const [row] = rows;
  return row && { segment: Number(row.segment), offset: Number(row.offset) };
}

/** Of the journals that this database knows. */
export async function readPositions(
  client: Queries,
  journals: readonly string[],
): Promise<Map<string, JournalPosition>> {
  const { rows } = await client.query<{ id: string; segment: string; offset: string }>(
    'select id, segment, "offset" from journals where id = any($1)',
    [journals],
  );
  return new Map(rows.map(({ id, segment, offset }) => [id, { segment: Number(segment), offset: Number(offset) }]));
}

/** For a journal of which no file is left. */
export async function forgetJournal(client: Queries, journal: string): Promise<void> {
  await client.query('delete from journals where id = $1', [journal]);
}
