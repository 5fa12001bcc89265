/**
 * `npm run bench:records`: how many records a second get into the database, what that costs the thread that appends
 * them, and what waits meanwhile. A recorded hour of conversations, again and again, as fast as the drain takes it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { noAzureTrace } from './azure-trace.ts';
import { Child } from './child.ts';
import { interruption } from './drill/site.ts';
import { type Check, atMost, checkTable, markdownTable, most } from './drill/verdict.ts';
import type { RecordsCase, RecordsFigures } from './records-case.ts';
import { describeMachine } from './report.ts';

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
const QUICK_RECORDS = 20_000;
/** The other ways to keep records get a part of them. */
const PART = 0.1;
/** With fewer, what is measured is code that has just been started. */
const LEAST_RECORDS = 5000;
const MOST_LATE_MS = 10;
const CASE_MS = 4 * 3_600_000;

type Way = Pick<RecordsCase, 'backend' | 'bodies' | 'search'>;

interface Measured extends Way {
  readonly records: number;
  readonly figures: RecordsFigures;
}

const BACKENDS = ['embedded', 'PostgreSQL'] as const;
/** What is set where nothing is said comes first. */
const WAYS = [
  { bodies: 'redacted', search: true },
  { bodies: 'full', search: true },
  { bodies: 'redacted', search: false },
  { bodies: 'full', search: false },
] as const;

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

/** So that Ctrl-C leaves nothing behind. */
const interrupted = interruption();

/** A process of its own, so that memory is that of one case. */
async function measured(way: Way, records: number, scratch: string): Promise<Measured> {
  const server = way.backend === 'PostgreSQL' ? await startPostgres() : undefined;
  const dataDir = mkdtempSync(join(scratch, 'data-'));
  const command = [fileURLToPath(new URL('./records-case.ts', import.meta.url))];
  const data = process.env['CAUSEWAY_TEST_DATA'];
  const env = data === undefined ? {} : { CAUSEWAY_TEST_DATA: data };
  const child = new Child({ name: 'case', command, env, logs: scratch });
  try {
    await child.hear('ready');
    const figures = Promise.race([child.hear('measured', CASE_MS), interrupted]);
    await child.ask('case', { ...way, records, dataDir, url: server?.url });
    return { ...way, records, figures: await figures };
  } finally {
    await child.stop();
    await server?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function table(all: readonly Measured[]): string {
  const titles = [
    'database',
    'bodies',
    'search',
    'records',
    'records/s',
    'thread late p99, most ms',
    'append µs',
    'thread µs',
    'other threads µs',
    'database µs',
    'most that waited: records, MB',
    'texts KB',
    'RSS MB',
    'engine RSS MB',
    'database KB',
    'texts or records lost',
  ];
  const rows = all.map(({ backend, bodies, search, records, figures }) => [
    backend,
    bodies,
    search ? 'on' : 'off',
    String(records),
    (records / figures.seconds).toFixed(0),
    `${figures.lagP99Ms.toFixed(1)}, ${figures.lagMostMs.toFixed(0)}`,
    figures.appendUs.toFixed(1),
    figures.threadUs.toFixed(1),
    figures.otherThreadsUs.toFixed(1),
    figures.databaseUs.toFixed(0),
    `${figures.peakRecords}, ${(figures.peakBytes / 2 ** 20).toFixed(0)}`,
    (figures.textBytes / 1024).toFixed(1),
    figures.rssMb.toFixed(0),
    figures.engineRssMb?.toFixed(0) ?? '–',
    ((figures.databaseMb * 1024) / records).toFixed(1),
    String(figures.droppedTexts + figures.droppedRecords),
  ]);
  return markdownTable(titles, rows);
}

function checksOf(all: readonly Measured[]): Check[] {
  const notThere = all.map(({ records, figures }) => Math.abs(records - figures.stored));
  return [
    atMost('thread that appends, late p99', most(all.map(({ figures }) => figures.lagP99Ms)), MOST_LATE_MS, ' ms'),
    atMost('appended and not there, or there twice', most(notThere), 0),
    atMost('texts or records lost', most(all.map(({ figures: f }) => f.droppedTexts + f.droppedRecords)), 0),
  ];
}

/** @throws Error naming the option at fault */
function recordsOf(text: string): number {
  const records = Number(text);
  if (Number.isInteger(records) && records >= 100) return records;
  throw new Error(`"${text}" is not right for --records: write a whole number from 100 on`);
}

async function main(): Promise<0 | 1> {
  const records = options.quick ? QUICK_RECORDS : recordsOf(options.records);
  if (noAzureTrace) {
    console.log(`Nothing is measured: ${noAzureTrace}`);
    return 0;
  }
  if (noPostgres) console.log(`PostgreSQL is left out: ${noPostgres}`);
  const backends = BACKENDS.filter((name) => options.only === undefined || name === options.only).filter(
    (name) => name === 'embedded' || !noPostgres,
  );
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-records-'));
  const all: Measured[] = [];
  try {
    for (const [at, way] of WAYS.entries()) {
      const count = at === 0 ? records : Math.min(records, Math.max(LEAST_RECORDS, Math.round(records * PART)));
      for (const backend of backends) {
        console.error(`${backend}, bodies ${way.bodies}, search ${way.search ? 'on' : 'off'}: ${count} records`);
        all.push(await measured({ backend, ...way }, count, scratch));
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const machine = describeMachine();
  mkdirSync(RESULTS, { recursive: true });
  const report = { at: new Date().toISOString(), machine, measured: all };
  writeFileSync(join(RESULTS, 'records.json'), JSON.stringify(report, undefined, 2));
  const checks = checksOf(all);
  console.log(`# Records\n\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}\n`);
  console.log(`${table(all)}\n\n${checkTable(checks)}`);
  return checks.some(({ met }) => met === false) ? 1 : 0;
}

const BROKEN = 2;
let code = BROKEN;
try {
  code = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
// After an interruption something may still be on its way; it has nobody left to ask.
process.exit(code);
