import { asked } from '../../storage/database/asked.ts';
import { and, eq, gt, inArray, sql } from '../../storage/drizzle/queries.ts';
import type { Orm } from '../../storage/revisions/revision-store.ts';
import { storedResponses } from './schema.ts';
import {
  type ChainBounds,
  type KeptTurn,
  type Reader,
  type ResponseStore,
  type StoredResponse,
  bytesOf,
} from './stored-response.ts';

const { id, project, previousId, input, response, expiresAt } = storedResponses;
const TURN = { id, previousId, input, response };

interface TurnRow {
  readonly id: string;
  readonly previousId: string | null;
  readonly input: string;
  readonly response: string;
}

/** In the database. A conversation is read with one statement. */
export class PostgresResponseStore implements ResponseStore {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  async add(responses: readonly StoredResponse[]): Promise<void> {
    const rows = responses.map((one) => ({
      ...one,
      previousId: one.previousId ?? null,
      bytes: bytesOf(one),
      createdAt: new Date(one.createdAt),
      expiresAt: new Date(one.expiresAt),
    }));
    if (rows.length > 0) await asked(this.#orm.insert(storedResponses).values(rows).onConflictDoNothing());
  }

  async find(ids: readonly string[], reader: Reader): Promise<KeptTurn[]> {
    if (ids.length === 0) return [];
    const isTheirs = and(inArray(id, [...ids]), eq(project, reader.project), gt(expiresAt, new Date(reader.now)));
    return (await asked(this.#orm.select(TURN).from(storedResponses).where(isTheirs))).map(turnOf);
  }

  async chain(from: string, reader: Reader, { turns, bytes }: ChainBounds): Promise<KeptTurn[]> {
    const { rows } = await asked(
      this.#orm.execute(sql`
        WITH RECURSIVE chain AS (
          SELECT id, previous_id, bytes::bigint AS total, 1 AS turn FROM stored_responses
          WHERE id = ${from} AND project = ${reader.project} AND expires_at > ${new Date(reader.now)}
          UNION ALL
          SELECT earlier.id, earlier.previous_id, chain.total + earlier.bytes, chain.turn + 1
          FROM chain JOIN stored_responses earlier ON earlier.id = chain.previous_id
          WHERE earlier.project = ${reader.project} AND earlier.expires_at > ${new Date(reader.now)}
            AND chain.turn <= ${turns} AND chain.total <= ${bytes}
        )
        SELECT kept.id, kept.previous_id AS "previousId", kept.input, kept.response
        FROM chain JOIN stored_responses kept ON kept.id = chain.id ORDER BY chain.turn`),
    );
    return (rows as unknown as TurnRow[]).map(turnOf);
  }

  async remove(which: string, owner: string): Promise<boolean> {
    const isIt = and(eq(id, which), eq(project, owner));
    return (await asked(this.#orm.delete(storedResponses).where(isIt).returning({ id }))).length > 0;
  }

  async expire(now: number, most: number): Promise<number> {
    const { rowCount } = await asked(
      this.#orm.execute(sql`
        DELETE FROM stored_responses WHERE id IN (
          SELECT id FROM stored_responses WHERE expires_at <= ${new Date(now)} ORDER BY expires_at LIMIT ${most}
        )`),
    );
    return rowCount ?? 0;
  }
}

function turnOf({ previousId: previous, ...turn }: TurnRow): KeptTurn {
  return { ...turn, previousId: previous ?? undefined };
}
