import type { AttemptRecord } from '../../records/journal/record.ts';
import { traces } from '../../records/traces/schema.ts';
import type { UsagePeriod } from '../../records/traces/usage-store.ts';
import { asked } from '../../storage/database/asked.ts';
import { wholeNumber } from '../../storage/database/column-types.ts';
import type { Database } from '../../storage/database/database.ts';
import { and, asc, gte, isNotNull, lt, or, sql } from '../../storage/drizzle/queries.ts';
import type { BookedTrace } from './comparison.ts';

/** Small enough that neither the database nor the thread that prices them is busy for long. */
const PAGE_ROWS = 500;

const COLUMNS = {
  traceId: traces.traceId,
  startedAt: traces.startedAt,
  model: traces.model,
  userId: traces.userId,
  endpoint: traces.endpoint,
  project: traces.project,
  keyId: traces.keyId,
  target: traces.target,
  costNanoUsd: traces.costNanoUsd,
  costKnown: traces.costKnown,
  attempts: traces.attempts,
};

/** Requests that had at least one attempt, page by page in the order of time. @throws storage_unavailable */
export async function* bookedTraces(
  { orm }: Pick<Database, 'orm'>,
  { since, until }: UsagePeriod,
): AsyncGenerator<readonly BookedTrace[]> {
  let last: { readonly startedAt: Date; readonly traceId: string } | undefined;
  for (;;) {
    const isAfter =
      last &&
      sql`(${traces.startedAt}, ${traces.traceId}) > (${last.startedAt.toISOString()}::timestamptz, ${last.traceId})`;
    const query = orm
      .select(COLUMNS)
      .from(traces)
      .where(
        and(
          // Of the position its time alone as well, by which partitions are left out.
          last ? gte(traces.startedAt, last.startedAt) : since && gte(traces.startedAt, since),
          until && lt(traces.startedAt, until),
          isAfter,
          or(isNotNull(traces.attempts), isNotNull(traces.target)),
        ),
      )
      .orderBy(asc(traces.startedAt), asc(traces.traceId))
      .limit(PAGE_ROWS);
    const rows = await asked(query);
    yield rows.map((row) => ({ ...row, attempts: row.attempts as readonly AttemptRecord[] | null }));
    last = rows.at(-1);
    if (rows.length < PAGE_ROWS) return;
  }
}

/** A target whose calls have attempts of unknown cost. */
export interface UnpricedTarget {
  readonly target: string;
  readonly requests: number;
  /** Of those, the ones that had a price, which could not tell for what was used or how it was served. */
  readonly requestsWithPrice: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly lastSeen: Date;
  /** Of the latest that had one. */
  readonly priceVersion: string | null;
}

/** A provider's count is not to be trusted: some wild ones must not make a sum too large for a number. */
const count = (field: string) => sql`
  case when json_typeof(attempt -> 'usage' -> ${sql.raw(`'${field}'`)}) = 'number'
    then round(greatest(0, least(1e12, (attempt -> 'usage' ->> ${sql.raw(`'${field}'`)})::numeric))) end`;

interface UnpricedRow extends Record<string, unknown> {
  readonly target: string;
  readonly requests: string;
  readonly requests_with_price: string;
  readonly input_tokens: string | null;
  readonly output_tokens: string | null;
  readonly last_seen: string;
  readonly price_version: string | null;
}

/** Those with the most requests first. @throws storage_unavailable */
export async function unpricedTargets(
  { orm }: Pick<Database, 'orm'>,
  { since, until }: UsagePeriod,
  limit: number,
): Promise<UnpricedTarget[]> {
  const within = and(
    sql`not ${traces.costKnown}`,
    since && gte(traces.startedAt, since),
    until && lt(traces.startedAt, until),
  );
  // A trace whose attempts could not be stored speaks for its last one.
  const found = await asked(
    orm.execute<UnpricedRow>(sql`
      select coalesce(attempt ->> 'target', ${traces.target}) as target,
        count(distinct ${traces.traceId}) as requests,
        count(distinct ${traces.traceId}) filter (where attempt ->> 'priceVersion' is not null) as requests_with_price,
        sum(case when attempt is null then ${traces.inputTokens} else ${count('inputTokens')} end) as input_tokens,
        sum(case when attempt is null then ${traces.outputTokens} else ${count('outputTokens')} end) as output_tokens,
        to_char(max(${traces.startedAt}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as last_seen,
        max(attempt ->> 'priceVersion') as price_version
      from ${traces} left join lateral json_array_elements(${traces.attempts}) as attempt
        on attempt ->> 'costNanoUsd' is null
      where ${within} and coalesce(attempt ->> 'target', ${traces.target}) is not null
      group by 1 order by 2 desc, 1 limit ${limit}`),
  );
  return found.rows.map((row) => ({
    target: row.target,
    requests: wholeNumber(row.requests),
    requestsWithPrice: wholeNumber(row.requests_with_price),
    inputTokens: row.input_tokens === null ? null : wholeNumber(row.input_tokens),
    outputTokens: row.output_tokens === null ? null : wholeNumber(row.output_tokens),
    lastSeen: new Date(row.last_seen),
    priceVersion: row.price_version,
  }));
}
