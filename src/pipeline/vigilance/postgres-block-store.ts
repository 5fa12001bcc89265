import type { Clock } from '../../core/clock.ts';
import { asked } from '../../storage/database/asked.ts';
import { type ListPosition, comesAfter } from '../../storage/database/list-position.ts';
import { storableText } from '../../storage/database/storable.ts';
import { type SQL, and, desc, eq, gt, isNull, lt, or, sql } from '../../storage/drizzle/queries.ts';
import { type Orm, type Transaction, change } from '../../storage/revisions/revision-store.ts';
import { type Block, type BlockStore, MOST_BLOCKS } from './block.ts';
import { blocks } from './schema.ts';

type Row = typeof blocks.$inferSelect;

/** Blocks in the database, one for each subject. */
export class PostgresBlockStore implements BlockStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  add(block: Block): Promise<Block> {
    return change(this.#orm, 'blocks', async (transaction) => {
      await transaction.delete(blocks).where(lt(blocks.expiresAt, this.#now()));
      const { id: _id, ...values } = rowOf(block);
      const [kept] = await transaction
        .insert(blocks)
        .values(rowOf(block))
        .onConflictDoUpdate({
          target: [blocks.kind, blocks.subject, blocks.project],
          set: values,
          // An admin's word counts; what the gateway found only makes a block longer.
          setWhere: block.origin === 'auto' ? sql`${blocks.expiresAt} < excluded.expires_at` : sql`true`,
        })
        .returning();
      return blockOf(kept ?? (await this.#standing(transaction, values)));
    });
  }

  remove(id: string): Promise<boolean> {
    return change(this.#orm, 'blocks', async (transaction) => {
      const gone = transaction.delete(blocks).where(eq(blocks.id, storableText(id)));
      return (await gone.returning({ id: blocks.id })).length > 0;
    });
  }

  async list(limit: number, after?: ListPosition): Promise<Block[]> {
    const query = this.#orm
      .select()
      .from(blocks)
      .where(and(this.#isInForce(), after && comesAfter(blocks.createdAt, blocks.id, after)))
      .orderBy(desc(blocks.createdAt), desc(blocks.id))
      .limit(limit);
    return (await asked(query)).map(blockOf);
  }

  async find(id: string): Promise<Block | undefined> {
    const isIt = and(this.#isInForce(), eq(blocks.id, storableText(id)));
    return (await asked(this.#orm.select().from(blocks).where(isIt))).map(blockOf)[0];
  }

  async live(): Promise<Block[]> {
    const query = this.#orm.select().from(blocks).where(this.#isInForce());
    // Were there too many, those that somebody made by hand are the ones to keep.
    const rows = await asked(query.orderBy(blocks.origin, desc(blocks.createdAt)).limit(MOST_BLOCKS));
    return rows.map(blockOf);
  }

  async #standing(transaction: Transaction, { kind, subject, project }: Omit<Row, 'id'>): Promise<Row> {
    const same = and(
      eq(blocks.kind, kind),
      eq(blocks.subject, subject),
      project === null ? isNull(blocks.project) : eq(blocks.project, project),
    );
    const [row] = await transaction.select().from(blocks).where(same);
    if (!row) throw new Error('a block that stood in the way is gone');
    return row;
  }

  #isInForce(): SQL | undefined {
    return or(isNull(blocks.expiresAt), gt(blocks.expiresAt, this.#now()));
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}

function rowOf({ id, subject, reason, origin, createdAt, expiresAt }: Block): Row {
  return {
    id,
    kind: subject.kind,
    subject: storableText(subject.id),
    project: subject.project === undefined ? null : storableText(subject.project),
    reason: reason === undefined ? null : storableText(reason),
    origin,
    createdAt,
    expiresAt: expiresAt ?? null,
  };
}

function blockOf({ id, kind, subject, project, reason, origin, createdAt, expiresAt }: Row): Block {
  return {
    id,
    subject: { kind, id: subject, project: project ?? undefined },
    reason: reason ?? undefined,
    origin,
    createdAt,
    expiresAt: expiresAt ?? undefined,
  };
}
