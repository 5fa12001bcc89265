import { readFileSync } from 'node:fs';

import type { Journal } from '../src/records/journal/journal.ts';
import type { Database } from '../src/storage/database/database.ts';

const SAMPLE_MS = 250;

/** The most that was seen at any sample. */
export class Peaks {
  records = 0;
  bytes = 0;
  rss = 0;
  engineRss = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(journal: Journal, enginePid: number | undefined) {
    this.#timer = setInterval(() => {
      const { queuedRecords, queuedBytes } = journal.stats();
      this.records = Math.max(this.records, queuedRecords);
      this.bytes = Math.max(this.bytes, queuedBytes);
      this.rss = Math.max(this.rss, process.memoryUsage.rss());
      if (enginePid !== undefined) this.engineRss = Math.max(this.engineRss, residentOf(enginePid));
    }, SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Linux. An engine that is starting again has none for a moment. */
function residentOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Of PostgreSQL the first of its processes, which is the parent of all others. */
export async function processOf({ pool, enginePid }: Database): Promise<number> {
  if (enginePid !== undefined) return enginePid;
  const { rows } = await pool.query<{ pid: number }>(
    `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
  );
  return rows[0]?.pid ?? Number.NaN;
}
