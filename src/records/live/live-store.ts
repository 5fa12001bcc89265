import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import type { LiveFacts } from './ticks.ts';

/** An answer that takes longer than this comes from a connection that is dead. */
const QUESTION_LIMIT_MS = 5000;

/**
 * A journal's position moves in the statement that writes its traces, so a few rows tell of every trace. Events that
 * are not over stand in an index of their own. Times to the microsecond: two batches may be written in one millisecond.
 */
const QUESTION = `select
    (select to_char(max(updated_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from journals) as written,
    (select max(at) from events) as raised,
    count(*)::int as open,
    (count(*) filter (where kind = 'alert'))::int as firing
  from events where resolved_at is null and dedupe is not null`;

interface Row {
  readonly written: string | null;
  readonly raised: Date | null;
  readonly open: number;
  readonly firing: number;
}

/** What is asked of the tables of records, in one cheap question. @throws storage_unavailable */
export async function readLiveRecords({
  kind,
  pool,
}: Pick<Database, 'kind' | 'pool'>): Promise<Pick<LiveFacts, 'traces' | 'events' | 'alerts'>> {
  // The embedded engine is deaf for as long as its housekeeping takes, and its connection does not die.
  const question = kind === 'postgres' ? { text: QUESTION, query_timeout: QUESTION_LIMIT_MS } : { text: QUESTION };
  const { rows } = await asked(pool.query<Row>(question));
  const [row] = rows;
  return {
    traces: row?.written ?? '',
    events: `${row?.raised?.getTime() ?? 0}/${row?.open ?? 0}`,
    alerts: row?.firing ?? 0,
  };
}
