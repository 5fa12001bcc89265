import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import type { UsageTotals } from './records-count.ts';

/** What a replica says of the records that wait in its journal. */
export interface Waiting {
  readonly records: number;
  readonly bytes: number;
  readonly oldestAgeMs: number;
  readonly droppedRecords: number;
  readonly droppedTexts: number;
  /** How late the request thread was, 99th percentile since somebody read it last. */
  readonly lagP99Ms: number;
}

export async function readWaiting(url: string): Promise<Waiting> {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status}: ${text}`);
  const of = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    records: of('causeway_records_queued'),
    bytes: of('causeway_records_queued_bytes'),
    oldestAgeMs: of('causeway_records_oldest_age_seconds') * 1000,
    droppedRecords: of('causeway_records_dropped_total\\{what="records"\\}'),
    droppedTexts: of('causeway_records_dropped_total\\{what="texts"\\}'),
    lagP99Ms: of('nodejs_eventloop_lag_p99_seconds') * 1000,
  };
}

const POLL_MS = 50;

/** Milliseconds until nothing waits any more at this replica. @throws where something still does after the time */
export async function untilDrained(url: string, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    // Of what an earlier process left, the bytes are known before the records are.
    const { records, bytes } = await readWaiting(url);
    const ms = performance.now() - startedAt;
    if (records === 0 && bytes === 0) return ms;
    if (ms > withinMs) throw new Error(`${records} records, ${bytes} bytes wait at ${url} after ${ms.toFixed(0)} ms`);
    await pause(POLL_MS);
  }
}

/** What is in the database. */
export interface StoredRecords {
  readonly ids: ReadonlySet<string>;
  /** Rows beyond one for each trace id. */
  readonly twice: number;
  readonly traces: UsageTotals;
  /** The same, as the sums of usage have it: of 15 minutes, and of days. */
  readonly slots: UsageTotals;
  readonly days: UsageTotals;
}

const SUMS = `coalesce(sum(input_tokens), 0)::float8 as "inputTokens",
  coalesce(sum(output_tokens), 0)::float8 as "outputTokens",
  coalesce(sum(cost_nano_usd), 0)::float8 as "costNanoUsd"`;

/** All of it at one moment; there is no other traffic then. */
export async function readStored(databaseUrl: string): Promise<StoredRecords> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ trace_id: string }>('select trace_id from traces');
    const ids = new Set(rows.map((row) => row.trace_id));
    const ofSums = (table: string): Promise<UsageTotals> =>
      totals(
        client,
        `select coalesce(sum(requests), 0)::float8 as requests, ${SUMS}
          from ${table} join usage_series on usage_series.id = series where scope <> 'attempt'`,
      );
    return {
      ids,
      twice: rows.length - ids.size,
      traces: await totals(client, `select count(*)::float8 as requests, ${SUMS} from traces`),
      slots: await ofSums('usage_slots'),
      days: await ofSums('usage_days'),
    };
  } finally {
    await client.end();
  }
}

async function totals(client: Client, statement: string): Promise<UsageTotals> {
  const { rows } = await client.query<UsageTotals>(statement);
  const [row] = rows;
  if (!row) throw new Error('a sum has no row');
  return row;
}
