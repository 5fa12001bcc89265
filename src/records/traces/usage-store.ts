import { type Column, type SQL, and, asc, count, gte, lt, sql } from 'drizzle-orm';

import type { Database } from '../../storage/database/database.ts';
import { wholeNumber } from '../../storage/database/column-types.ts';
import { asked } from '../../storage/database/asked.ts';
import { traces } from './schema.ts';

/** What usage can be grouped by. A day is one of UTC; a target is that of each attempt, so a request may count at several. */
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
  /** What is not known is not in it. */
  readonly costNanoUsd: number;
  /** The part that rests on usage that nobody reported. */
  readonly costAssumedNanoUsd: number;
  /** That have an attempt of unknown cost. */
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
  // Of each attempt. Without any, or where they could not be stored, of the request.
  target: sql`coalesce(attempt ->> 'target', ${traces.target})`,
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
  costNanoUsd: money(sql`${traces.costNanoUsd}`),
  costAssumedNanoUsd: money(sql`${traces.costAssumedNanoUsd}`),
  costUnknownRequests: sql<number>`count(*) filter (where not ${traces.costKnown})`.mapWith(wholeNumber),
};

/** The same of each attempt, since the attempts of one request may go to several targets. */
const ATTEMPT_SUMS: typeof SUMS = {
  requests: sql<number>`count(distinct ${traces.traceId})`.mapWith(wholeNumber),
  inputTokens: total(ofAttempt('inputTokens', traces.inputTokens)),
  outputTokens: total(ofAttempt('outputTokens', traces.outputTokens)),
  cacheReadInputTokens: total(ofAttempt('cacheReadInputTokens', traces.cacheReadInputTokens)),
  cacheCreationInputTokens: total(ofAttempt('cacheCreationInputTokens', traces.cacheCreationInputTokens)),
  reasoningOutputTokens: total(ofAttempt('reasoningOutputTokens', traces.reasoningOutputTokens)),
  costNanoUsd: money(
    sql`case when attempt is null then ${traces.costNanoUsd} else ${countIn('attempt', 'costNanoUsd')} end`,
  ),
  costAssumedNanoUsd: money(sql`case when attempt is null then ${traces.costAssumedNanoUsd}
    when attempt ->> 'usageSource' = 'assumed' then ${countIn('attempt', 'costNanoUsd')} end`),
  costUnknownRequests: sql<number>`count(distinct ${traces.traceId}) filter (where not ${traces.costKnown}
    and attempt ->> 'costNanoUsd' is null)`.mapWith(wholeNumber),
};

const ATTEMPTS = sql`lateral json_array_elements(${traces.attempts}) as attempt`;

function total(column: SQL): SQL<number | null> {
  return sql<number | null>`sum(${column})`.mapWith((value: string | null) =>
    value === null ? null : wholeNumber(value),
  );
}

function money(column: SQL): SQL<number> {
  return sql<number>`coalesce(sum(${column}), 0)`.mapWith(wholeNumber);
}

function ofAttempt(field: string, column: Column): SQL {
  return sql`case when attempt is null then ${column} else ${countIn("attempt -> 'usage'", field)} end`;
}

/** A count of a JSON object, held to what the columns of a trace are: some wild ones must not spoil a sum. */
function countIn(object: string, field: string): SQL {
  const value = `${object} -> '${field}'`;
  return sql.raw(`case when json_typeof(${value}) = 'number'
    then round(least(greatest((${value})::text::numeric, 0), 1e15)) end`);
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
  const byAttempt = by.includes('target');
  const selected = orm.select({ ...groups, ...(byAttempt ? ATTEMPT_SUMS : SUMS) }).from(traces);
  const joined = byAttempt ? selected.leftJoin(ATTEMPTS, sql`true`) : selected;
  const query = joined
    .where(and(since && gte(traces.startedAt, since), until && lt(traces.startedAt, until)))
    .limit(limit);
  const grouped = by.length === 0 ? query : query.groupBy(...positions).orderBy(...positions.map((at) => asc(at)));
  const rows = await asked(grouped);
  return rows.map((row) => {
    const values: Record<string, unknown> = row;
    return { group: by.map((name) => values[name] as string | null), sums: row };
  });
}
