import { type Client, DatabaseError } from 'pg';

/** What a row says about where it belongs. */
export interface Placed {
  readonly retentionClass: string;
  /** RFC 3339 in UTC. */
  readonly startedAt: string;
}

/** A batch is of one or two days; many more than that come only from clocks that are wrong. */
const MAX_KNOWN = 1000;

/** Several in one statement, in one order everywhere, so that two writers never wait for each other crosswise. */
const MAKE = `select traces_partition(class, day) from (
  select * from unnest($1::text[], $2::date[]) as asked (class, day) order by class, day) as ordered`;

/** The partitions that a connection has made or found. */
export class KnownPartitions {
  readonly #keys = new Set<string>();

  /** Makes those that rows need and that are not known to be there. */
  async make(client: Pick<Client, 'query'>, rows: readonly Placed[]): Promise<void> {
    const missing = new Map<string, { readonly class: string; readonly day: string }>();
    for (const { retentionClass, startedAt } of rows) {
      const day = startedAt.slice(0, 'yyyy-mm-dd'.length);
      const key = `${day} ${retentionClass}`;
      if (!this.#keys.has(key)) missing.set(key, { class: retentionClass, day });
    }
    if (missing.size === 0) return;
    const asked = [...missing.values()];
    await client.query(MAKE, [asked.map((one) => one.class), asked.map((one) => one.day)]);
    if (this.#keys.size + missing.size > MAX_KNOWN) this.#keys.clear();
    for (const key of missing.keys()) this.#keys.add(key);
  }

  /** One of them was dropped. */
  forget(): void {
    this.#keys.clear();
  }
}

const CHECK_VIOLATION = '23514';

/** Whether rows were refused since their partition is not there. No table of ours has a check of its own. */
export function isWithoutPartition(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === CHECK_VIOLATION && error.constraint === undefined;
}
