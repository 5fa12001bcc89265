import type { Clock } from '../../../core/clock.ts';
import { asked } from '../../../storage/database/asked.ts';
import { wholeNumber } from '../../../storage/database/column-types.ts';
import { type SQL, and, gt, gte, isNull, lt, or, sql } from '../../../storage/drizzle/queries.ts';
import type { Orm } from '../../../storage/revisions/revision-store.ts';
import type { SpendRow, SpendStore } from '../ledger/spend.ts';
import { quotaSpend } from '../schema.ts';
import { type BudgetUnit, counterPrefix, readCounterKey } from './counter-key.ts';

/** What one subject has spent of a budget, over all replicas; nano-dollars or tokens. */
export interface SubjectSpend {
  readonly subject: string;
  readonly used: number;
  readonly reserved: number;
}

/** Rows of one statement, so that none holds up others for long. */
const CHUNK_ROWS = 5000;

/** What was spent, in the database. Every call throws storage_unavailable where it does not answer. */
export class PostgresSpendStore implements SpendStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async save(replica: string, rows: readonly SpendRow[]): Promise<void> {
    // A statement may touch each row once only: of two of one key the later holds.
    const latest = [...new Map(rows.map((row) => [row.key, row])).values()];
    for (let at = 0; at < latest.length; at += CHUNK_ROWS) {
      await asked(this.#orm.execute(this.#upsert(replica, latest.slice(at, at + CHUNK_ROWS))));
    }
  }

  async load(): Promise<(SpendRow & { readonly replica: string })[]> {
    const isOpen = or(isNull(quotaSpend.endsAt), gt(quotaSpend.endsAt, new Date(this.#clock.now())));
    const rows = await asked(this.#orm.select().from(quotaSpend).where(isOpen));
    return rows.map(({ key, replica, endsAt, used, reserved }) => {
      return { key, replica, endsAt: endsAt?.getTime(), used, reserved };
    });
  }

  /** Deletes rows whose period was over before a time. @returns how many, at most `limit` */
  async deleteOver(beforeMs: number, limit: number): Promise<number> {
    const { key, replica, endsAt } = quotaSpend;
    const over = this.#orm
      .select({ key, replica })
      .from(quotaSpend)
      .where(lt(endsAt, new Date(beforeMs)))
      .limit(limit);
    const gone = await asked(this.#orm.delete(quotaSpend).where(sql`(${key}, ${replica}) in ${over}`));
    return gone.rowCount ?? 0;
  }

  /** Who has spent most of a budget that each subject has for itself, first. */
  async subjectsOf(budgetId: string, unit: BudgetUnit, periodName: string, limit: number): Promise<SubjectSpend[]> {
    const { key, used, reserved } = quotaSpend;
    const rows = await asked(
      this.#orm
        .select({ key, used: total(used), reserved: total(reserved) })
        .from(quotaSpend)
        .where(and(...beginsWith(counterPrefix(budgetId, unit, periodName))))
        .groupBy(key)
        .orderBy(sql`2 desc, 1`)
        .limit(limit),
    );
    return rows.flatMap((row) => {
      const counter = readCounterKey(row.key);
      return counter ? [{ subject: counter.subject, used: row.used, reserved: row.reserved }] : [];
    });
  }

  /** Five lists in place of as many parameters as there are values, which would take the server longer to read. */
  #upsert(replica: string, rows: readonly SpendRow[]): SQL {
    const keys = sql.param(rows.map(({ key }) => key));
    const ends = sql.param(rows.map(({ endsAt }) => (endsAt === undefined ? null : new Date(endsAt).toISOString())));
    const used = sql.param(rows.map((row) => row.used));
    const reserved = sql.param(rows.map((row) => row.reserved));
    const now = new Date(this.#clock.now()).toISOString();
    return sql`
      insert into ${quotaSpend} (key, replica, ends_at, used, reserved, updated_at)
      select key, ${replica}::text, ends_at, used, reserved, ${now}::timestamptz
      from unnest(${keys}::text[], ${ends}::timestamptz[], ${used}::bigint[], ${reserved}::bigint[])
        as rows (key, ends_at, used, reserved)
      on conflict (key, replica) do update set
        ends_at = excluded.ends_at, used = excluded.used, reserved = excluded.reserved, updated_at = excluded.updated_at`;
  }
}

/** A prefix ends in `|`, and the sign after it in the order of bytes is `}`. */
function beginsWith(prefix: string): SQL[] {
  return [gte(quotaSpend.key, prefix), lt(quotaSpend.key, `${prefix.slice(0, -1)}}`)];
}

function total(column: typeof quotaSpend.used | typeof quotaSpend.reserved): SQL<number> {
  return sql<number>`sum(${column})`.mapWith(wholeNumber);
}
