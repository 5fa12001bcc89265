import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

import type { Journal } from '../src/records/journal/journal.ts';
import type { BodyPolicy } from '../src/records/journal/record.ts';
import { type Database, openDatabase } from '../src/storage/database/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { readAzureTrace } from './azure-trace.ts';
import { onAsked, say } from './messages.ts';
import { RecordMaker } from './record-maker.ts';
import { treeCpuUs } from './sample.ts';
import { openJournal } from './records-journal.ts';
import { Peaks, processOf } from './records-watch.ts';

/** One way to keep records, and how many are pushed through it. */
export interface RecordsCase {
  readonly backend: 'embedded' | 'PostgreSQL';
  /** Of PostgreSQL. */
  readonly url: string | undefined;
  readonly dataDir: string;
  readonly records: number;
  readonly bodies: BodyPolicy;
  readonly search: boolean;
}

export interface RecordsFigures {
  /** From the first append until all was in the database. */
  readonly seconds: number;
  /** Rows in the database, which have to be as many as were appended. */
  readonly stored: number;
  readonly droppedRecords: number;
  readonly droppedTexts: number;
  /** How late the appending thread was, 99th percentile and longest, all the time. */
  readonly lagP99Ms: number;
  readonly lagMostMs: number;
  /** CPU of the appending thread for a record: in `append`, and in all but making the record. */
  readonly appendUs: number;
  readonly threadUs: number;
  /** CPU of the other threads of the process for a record: drain, file writes, garbage collection. */
  readonly otherThreadsUs: number;
  /** CPU of the database's processes for a record. */
  readonly databaseUs: number;
  /** Bytes of texts that were appended, for a record. */
  readonly textBytes: number;
  readonly peakRecords: number;
  readonly peakBytes: number;
  /** The most resident memory of this process, and of the embedded engine's. */
  readonly rssMb: number;
  readonly engineRssMb: number | undefined;
  readonly databaseMb: number;
}

/** Records at a time; each burst is a turn of the event loop, as a few requests that end together are. */
const BURST = 16;
/** What may wait: with more the appending waits for the drain. */
const MOST_WAITING = 10_000;
const WAIT_MS = 2;
const FLUSH_MS = 600_000;
const LAG_RESOLUTION_MS = 1;
const BYTES_PER_TOKEN = 4;
const MAX_TEXT_BYTES = 16 * 1024;
const MB = 2 ** 20;
const log = { info: () => {}, warn: console.warn, error: console.error };

/** CPU of the appending thread, by what it was used for. Microseconds. */
interface ThreadTimes {
  making: number;
  appending: number;
  textBytes: number;
}

function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** As fast as the drain can take it, in turns of the event loop. */
async function pushAll(journal: Journal, maker: RecordMaker, records: number): Promise<ThreadTimes> {
  const times: ThreadTimes = { making: 0, appending: 0, textBytes: 0 };
  for (let left = records; left > 0;) {
    if (journal.stats().queuedRecords > MOST_WAITING) {
      await pause(WAIT_MS);
      continue;
    }
    const from = threadUs();
    const made = Array.from({ length: Math.min(BURST, left) }, () => maker.next(Date.now()));
    const between = threadUs();
    for (const { record, texts } of made) journal.append(record, texts);
    times.appending += threadUs() - between;
    times.making += between - from;
    for (const { input, output } of made.map(({ texts }) => texts)) {
      times.textBytes += (input?.length ?? 0) + (output?.length ?? 0);
    }
    left -= made.length;
    await turn();
  }
  return times;
}

async function measureCase(plan: RecordsCase): Promise<RecordsFigures> {
  const database = await openDatabase({ dataDir: plan.dataDir, url: plan.url, log });
  await migrate(database);
  const { bodies, search, records } = plan;
  const journal = await openJournal(database, plan.dataDir);
  const policy = { bodies, sample: 1, retentionClass: '', search };
  const sizes = { bytesPerToken: BYTES_PER_TOKEN, maxTextBytes: MAX_TEXT_BYTES };
  const maker = new RecordMaker({ lines: readAzureTrace(), seed: 1, policy, ...sizes });
  const peaks = new Peaks(journal, database.enginePid);
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const databasePid = await processOf(database);
  const databaseFrom = treeCpuUs(databasePid);
  const [threadFrom, processFrom, from] = [threadUs(), process.cpuUsage(), performance.now()];
  const times = await pushAll(journal, maker, records);
  await journal.flush(FLUSH_MS);
  const seconds = (performance.now() - from) / 1000;
  const [thread, whole] = [threadUs() - threadFrom, process.cpuUsage(processFrom)];
  const databaseCpuUs = treeCpuUs(databasePid) - databaseFrom;
  lag.disable();
  peaks.stop();
  const { droppedRecords, droppedTexts } = journal.stats();
  await journal.close();
  const figures = {
    seconds,
    ...(await storedIn(database)),
    droppedRecords,
    droppedTexts,
    lagP99Ms: latenessMs(lag.percentile(99)),
    lagMostMs: latenessMs(lag.max),
    appendUs: times.appending / records,
    threadUs: (thread - times.making) / records,
    otherThreadsUs: (whole.user + whole.system - thread) / records,
    databaseUs: databaseCpuUs / records,
    textBytes: times.textBytes / records,
    peakRecords: peaks.records,
    peakBytes: peaks.bytes,
    rssMb: peaks.rss / MB,
    engineRssMb: database.enginePid === undefined ? undefined : peaks.engineRss / MB,
  };
  await database.close();
  return figures;
}

/** The histogram holds the times between ticks, which are at least the resolution. */
function latenessMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - LAG_RESOLUTION_MS);
}

async function storedIn({ pool }: Database): Promise<{ stored: number; databaseMb: number }> {
  const { rows } = await pool.query<{ stored: number; bytes: number }>(
    'select (select count(*) from traces)::float8 as stored, pg_database_size(current_database())::float8 as bytes',
  );
  const [row] = rows;
  return { stored: row?.stored ?? Number.NaN, databaseMb: (row?.bytes ?? Number.NaN) / MB };
}

onAsked('case', (details) => {
  say('case', null);
  void measureCase(details as RecordsCase).then((figures) => say('measured', figures));
});
process.channel?.ref();
say('ready', { port: 0 });
