import { type SQL, and, asc, count, gte, lt, sql } from 'drizzle-orm';

import type { Database } from '../../storage/database/database.ts';
import { wholeNumber } from '../../storage/database/column-types.ts';
import { asked } from '../../storage/database/asked.ts';
import { traces } from './schema.ts';

/** What usage can be grouped by. A day is one of UTC. */
export const USAGE_GROUPS = ['model', 'user', 'endpoint', 'project', 'key', 'target', 'day', 'status'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Tokens that nobody reported are null, which is not 0. */
interface UsageSums {
  readonly requests: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadInputTokens: number | null;
  readonly cacheCreationInputTokens: number | null;
  readonly reasoningOutputTokens: number | null;
  /** Of the requests whose cost is known. */
  readonly costNanoUsd: number;
  readonly costUnknownRequests: number;
}

export interface UsageRow {
  /** The values that were grouped by, in the order asked for. */
  readonly group: readonly (string | null)[];
  readonly sums: UsageSums;
}

export interface UsagePeriod {
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

const EXPRESSIONS: Record<UsageGroup, SQL<string | null>> = {
  model: sql`${traces.model}`,
  user: sql`${traces.userId}`,
  endpoint: sql`${traces.endpoint}`,
  project: sql`${traces.project}`,
  key: sql`${traces.keyId}`,
  target: sql`${traces.target}`,
  day: sql`to_char(${traces.startedAt} at time zone 'UTC', 'YYYY-MM-DD')`,
  status: sql`${traces.status}`,
};

const SUMS = {
  requests: count(),
  inputTokens: total(sql`${traces.inputTokens}`),
  outputTokens: total(sql`${traces.outputTokens}`),
  cacheReadInputTokens: total(sql`${traces.cacheReadInputTokens}`),
  cacheCreationInputTokens: total(sql`${traces.cacheCreationInputTokens}`),
  reasoningOutputTokens: total(sql`${traces.reasoningOutputTokens}`),
  costNanoUsd: sql<number>`coalesce(sum(${traces.costNanoUsd}), 0)`.mapWith(wholeNumber),
  costUnknownRequests: sql<number>`count(*) filter (where not ${traces.costKnown})`.mapWith(wholeNumber),
};

function total(column: SQL): SQL<number | null> {
  return sql<number | null>`sum(${column})`.mapWith((value: string | null) =>
    value === null ? null : wholeNumber(value),
  );
}

/** Sums of usage, in the order of the groups. @throws storage_unavailable where the database does not answer */
export async function sumUsage(
  { orm }: Pick<Database, 'orm'>,
  by: readonly UsageGroup[],
  { since, until }: UsagePeriod,
  limit: number,
): Promise<UsageRow[]> {
  // Grouped by position, since an expression with parameters is another expression to the database.
  const groups = Object.fromEntries(by.map((name) => [name, EXPRESSIONS[name]]));
  const positions = by.map((_, at) => sql.raw(String(at + 1)));
  const query = orm
    .select({ ...groups, ...SUMS })
    .from(traces)
    .where(and(since && gte(traces.startedAt, since), until && lt(traces.startedAt, until)))
    .limit(limit);
  const grouped = by.length === 0 ? query : query.groupBy(...positions).orderBy(...positions.map((at) => asc(at)));
  const rows = await asked(grouped);
  return rows.map((row) => {
    const values: Record<string, unknown> = row;
    return { group: by.map((name) => values[name] as string | null), sums: row };
  });
}
