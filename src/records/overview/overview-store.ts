import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { and, inArray, lt, sql } from '../../storage/drizzle/queries.ts';
import { addBins, readBins } from './latency-bins.ts';
import { COUNTED, type Counted, LEVELS, type Level, OVERVIEW_COLUMNS } from './overview-columns.ts';
import { overviewMinutes, overviewSlots } from './schema.ts';
import {
  type Dimension,
  type OverviewFilter,
  dimensionsOf,
  namesStatement,
  pointsStatement,
} from './overview-statement-store.ts';
import type { OverviewWindow } from './overview-window.ts';

export type { Dimension, OverviewFilter } from './overview-statement-store.ts';

/** What happened in some time. */
export interface Happened {
  readonly counts: Readonly<Record<Counted, number>>;
  readonly latency: ReadonlyMap<number, number>;
  readonly ttft: ReadonlyMap<number, number>;
}

/** What one name had. */
export interface NamedSums {
  readonly requests: number;
  /** That were the fault of whoever serves. */
  readonly errors: number;
  readonly costNanoUsd: number;
}

export interface NamedChange {
  /** Empty where nobody is named. */
  readonly name: string;
  readonly now: NamedSums;
  readonly before: NamedSums;
}

const NOTHING: NamedSums = { requests: 0, errors: 0, costNanoUsd: 0 };

export class OverviewStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  /** By the index of the point; those where nothing happened are not there. @throws storage_unavailable */
  async points(window: OverviewWindow, filter: OverviewFilter): Promise<Map<number, Happened>> {
    const { rows } = await asked(this.#orm.execute(pointsStatement(window, filter)));
    return new Map(rows.map((row) => [Number(row['point']), happened(row)]));
  }

  /** As a whole. @throws storage_unavailable */
  async whole(window: OverviewWindow, filter: OverviewFilter): Promise<Happened> {
    const { rows } = await asked(this.#orm.execute(pointsStatement(window, filter, window.until - window.from)));
    return sumOf(rows.map(happened));
  }

  /** What each model, project, target and error had in two windows; not those that the filter leaves no room for. */
  async names(
    window: OverviewWindow,
    before: OverviewWindow,
    filter: OverviewFilter,
  ): Promise<Map<Dimension, NamedChange[]>> {
    const { rows } = await asked(this.#orm.execute(namesStatement(window, before, filter)));
    const dimensions = Object.entries(dimensionsOf(filter)) as [Dimension, Level][];
    return new Map(
      dimensions.map(([dimension, level]) => [dimension, changesOf(rows.filter((row) => row['level'] === level))]),
    );
  }

  /** Deletes sums of times that began before, at most so many. @returns how many. @throws storage_unavailable */
  async expire(table: 'minutes' | 'slots', before: Date, limit: number): Promise<number> {
    const sums = table === 'minutes' ? overviewMinutes : overviewSlots;
    const old = this.#orm
      .select({ row: sql`ctid` })
      .from(sums)
      // With its levels the primary key finds them.
      .where(and(inArray(sums.level, [...LEVELS]), lt(sums.slot, before)))
      .limit(limit);
    const { rowCount } = await asked(this.#orm.execute(sql`delete from ${sums} where ctid = any(array(${old}))`));
    return rowCount ?? 0;
  }
}

/** All together. */
export function sumOf(all: Iterable<Happened>): Happened {
  const counts = countsOf(() => 0);
  const [latency, ttft] = [new Map<number, number>(), new Map<number, number>()];
  for (const one of all) {
    for (const name of COUNTED) counts[name] += one.counts[name];
    addBins(latency, one.latency);
    addBins(ttft, one.ttft);
  }
  return { counts, latency, ttft };
}

function happened(row: Record<string, unknown>): Happened {
  return {
    counts: countsOf((name) => Number(row[OVERVIEW_COLUMNS[name].name])),
    latency: readBins(row['latency'] as string | null),
    ttft: readBins(row['ttft'] as string | null),
  };
}

function countsOf(count: (name: Counted) => number): Record<Counted, number> {
  return Object.fromEntries(COUNTED.map((name) => [name, count(name)])) as Record<Counted, number>;
}

function changesOf(rows: readonly Record<string, unknown>[]): NamedChange[] {
  const changes = new Map<string, NamedChange>();
  for (const row of rows) {
    const name = String(row['name']);
    const sums = {
      requests: Number(row['requests']),
      errors: Number(row['errors']),
      costNanoUsd: Number(row['cost']),
    };
    const known = changes.get(name) ?? { name, now: NOTHING, before: NOTHING };
    changes.set(name, row['is_before'] === true ? { ...known, before: sums } : { ...known, now: sums });
  }
  return [...changes.values()];
}
