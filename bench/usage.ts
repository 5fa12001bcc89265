/**
 * `npm run bench:usage`: how long reports take that are read from the sums of usage, on PostgreSQL.
 * A month of requests of many users, each with sums of its own in nearly every slot, so that there is little to sum up.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

import type { UsageQuestion } from '../src/records/traces/usage-question.ts';
import { UsageReport, spentPerDay } from '../src/records/traces/usage-store.ts';
import { type Database, openDatabase } from '../src/storage/database/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { describeMachine } from './report.ts';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    users: { type: 'string', default: '3000' },
    models: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
  },
});
const FROM = new Date('2026-01-01T00:00:00Z');
const SLOTS = 31 * 96;
const log = { info: () => {}, warn: console.warn, error: console.error };

/** As many requests as are asked for, spread evenly over users, models and slots, in sums as the writer makes them. */
async function fill({ pool }: Database, requests: number, users: number, models: number): Promise<void> {
  await pool.query(
    `insert into usage_series
      select md5(u || '-' || m)::uuid, 'both', 'org-' || u % 5, 'project-' || u % 50, 'key-' || u % 200, 'user-' || u,
        '/v1/chat/completions', 'model-' || m, 'model-' || m, 'provider/model-' || m, 'completed'
      from generate_series(0, $1::int - 1) as u, generate_series(0, $2::int - 1) as m`,
    [users, models],
  );
  await pool.query(
    `insert into usage_slots
      select $4::timestamptz + slot * interval '15 minutes', series, count(*), count(*) * 1000, count(*) * 200,
        count(*) * 100, null, count(*) * 50, count(*) * 71000, 0, 0
      from (select (n * $5::bigint / $1::bigint)::int as slot,
          md5(floor(random() * $2::int) || '-' || floor(random() * $3::int))::uuid as series
        from generate_series(0, $1::int - 1) as n) as request
      group by 1, 2 order by 1, 2`,
    [requests, users, models, FROM, SLOTS],
  );
  await pool.query(
    `insert into usage_days
      select date_bin('1 day', slot, 'epoch'), series, sum(requests), sum(input_tokens), sum(output_tokens),
        sum(cache_read_input_tokens), sum(cache_creation_input_tokens), sum(reasoning_output_tokens),
        sum(cost_nano_usd), sum(cost_assumed_nano_usd), sum(cost_unknown_requests)
      from usage_slots group by 1, 2 order by 1, 2`,
  );
  await pool.query('vacuum analyze');
}

const month = (timeZone: string, offset: string) => ({
  timeZone,
  period: { since: new Date(`2026-01-01T00:00:00${offset}`), until: new Date(`2026-02-01T00:00:00${offset}`) },
});
const UTC = month('UTC', 'Z');
const SHANGHAI = month('Asia/Shanghai', '+08:00');

const QUESTIONS: readonly (readonly [title: string, question: UsageQuestion])[] = [
  ['month by user and model', { by: ['user', 'model'], ...UTC }],
  ['month of Shanghai by user and model', { by: ['user', 'model'], ...SHANGHAI }],
  ['month by project, model and day', { by: ['project', 'model', 'day'], ...UTC }],
  ['month of Shanghai by model and day', { by: ['model', 'day'], ...SHANGHAI }],
  ['month by model and hour', { by: ['model', 'hour'], ...UTC }],
  ['month by target', { by: ['target'], ...UTC }],
  ['month of one user by model and day', { by: ['model', 'day'], filter: { user: 'user-77' }, ...UTC }],
  ['all time', { by: [] }],
];

async function timed(work: () => Promise<number>): Promise<{ ms: number; rows: number }> {
  const from = performance.now();
  const rows = await work();
  return { ms: performance.now() - from, rows };
}

async function report(title: string, work: () => Promise<number>): Promise<void> {
  const runs = [];
  for (let round = 0; round < Number(options.rounds); round += 1) runs.push(await timed(work));
  const sorted = runs.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  console.log(`| ${title} | ${runs[0]?.rows} | ${median.toFixed(0)} | ${(sorted.at(-1) ?? 0).toFixed(0)} |`);
}

if (noPostgres) throw new Error(noPostgres);
const server = await startPostgres();
const database = await openDatabase({ dataDir: tmpdir(), url: server.url, log });
try {
  await migrate(database);
  await fill(database, Number(options.requests), Number(options.users), Number(options.models));
  const { rows } = await database.pool.query(
    'select (select count(*) from usage_slots) as slots, (select count(*) from usage_days) as days',
  );
  console.log(JSON.stringify({ machine: describeMachine(), ...options, sums: rows[0] }));
  console.log('| report | groups | median ms | longest ms |\n| --- | --- | --- | --- |');
  for (const [title, question] of QUESTIONS) {
    await report(title, async () => {
      const planned = await UsageReport.plan(database, question);
      return (await planned.page(10_001)).length;
    });
  }
  await report('what one project spends a day', async () => {
    const week = { sinceMs: Date.UTC(2026, 0, 20), untilMs: Date.UTC(2026, 0, 27, 3, 7) };
    await spentPerDay(database, { per: 'project', subject: 'project-7', unit: 'usd', ...week });
    return 1;
  });
} finally {
  await database.close();
  await server.close();
}
