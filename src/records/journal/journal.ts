import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Clock, systemClock } from '../../core/clock.ts';
import { redactSecrets } from '../../core/redaction.ts';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import type { StorageLog } from '../../storage/database/storage-log.ts';
import type { DatabaseConnection } from '../traces/trace-store.ts';
import { Admission, type Dropping } from './admission.ts';
import { Backlog } from './backlog.ts';
import { Custody, type CustodyOptions } from './custody.ts';
import { EntryBuffer, wholeOf } from './entry-buffer.ts';
import { copiedLength, entryLength } from './entry-codec.ts';
import type { RecordStats } from './journal-stats.ts';
import type { LockTiming } from './journal-folder.ts';
import { within } from './progress.ts';
import type { CallRecord, CallTexts, RecordSink } from './record.ts';
import { WaitingRecords } from './waiting-records.ts';

export interface JournalOptions {
  /** Where the folders of all processes are; this one takes the first that is free. */
  readonly folder: string;
  /** The drain thread connects by itself. */
  readonly connection: DatabaseConnection;
  /** Most bytes that wait for the database, on the disk and in memory together. */
  readonly maxSize: number;
  /** The most that is kept of one input and of one output; a longer one is cut and says so. Read for each record. */
  readonly maxBodyBytes: number;
  readonly log: StorageLog;
  /** Sees each chunk of encoded entries on its way, only for the length of the call: its memory is used again. */
  readonly tap?: ((chunk: Uint8Array, records: number) => void) | undefined;
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
  /** How long processes on other hosts are watched; for tests. */
  readonly lockTiming?: LockTiming;
}

/** At the latest after this long a record is on its way to the disk. */
const SHIP_EVERY_MS = 15;
const FLUSH_TIMEOUT_MS = 5000;
/** Most bytes that wait in memory for a disk that takes nothing. */
const MAX_UNSYNCED_BYTES = 64 * 1024 * 1024;
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024;
/** A full journal has several segments, so that it gives back room as it is taken over. */
const SEGMENTS = 8;

/**
 * Keeps records safe in files until a thread of its own has taken them over into the database.
 *
 * The request thread encodes records into chunks of memory, some at a time, and waits for nothing. Chunks go to the disk
 * together, one write and one sync at a time, neither waiting for the other, by the thread pool.
 */
export class Journal implements RecordSink {
  readonly #options: JournalOptions;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #backlog: Backlog;
  readonly #buffer: EntryBuffer;
  readonly #admission: Admission;
  readonly #custody: Custody;
  readonly #waiting = new WaitingRecords();
  /** Of the oldest that wait: epoch and monotonic milliseconds. */
  #waitingSince = { now: 0, monotonic: 0 };
  #cancelShipping: (() => void) | undefined;
  #isClosed = false;
  #appendError: string | undefined;

  private constructor(options: JournalOptions, backlog: Backlog, buffer: EntryBuffer, custody: Custody) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#scheduler = options.scheduler ?? systemScheduler;
    this.#backlog = backlog;
    this.#buffer = buffer;
    this.#custody = custody;
    this.#admission = new Admission(
      {
        maxBytes: options.maxSize,
        maxUnsyncedBytes: MAX_UNSYNCED_BYTES,
        get maxBodyBytes() {
          return options.maxBodyBytes;
        },
        changed: (dropping) => logDropping(options.log, dropping),
      },
      backlog,
    );
  }

  /** Begins a journal of this process; what earlier ones left is taken over beside it. @throws the system's error */
  static async open(options: JournalOptions): Promise<Journal> {
    const backlog = new Backlog();
    const buffer = new EntryBuffer();
    const { connection, maxSize, log, scheduler = systemScheduler } = options;
    const segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.ceil(maxSize / SEGMENTS));
    const recycle = (memory: ArrayBuffer): void => buffer.recycle(memory);
    const custody = await openCustody({
      root: options.folder,
      connection,
      segmentBytes,
      backlog,
      log,
      scheduler,
      lockTiming: options.lockTiming,
      recycle,
    });
    return new Journal(options, backlog, buffer, custody);
  }

  append(record: CallRecord, texts: CallTexts): void {
    if (this.#isClosed) {
      this.#admission.droppedRecords += 1;
      return;
    }
    if (this.#waiting.isEmpty) {
      this.#waitingSince = { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
      this.#cancelShipping ??= this.#scheduler.after(SHIP_EVERY_MS, () => this.#ship());
    }
    this.#waiting.add(record, texts);
    if (this.#waiting.isFull) this.#encodeWaiting();
  }

  /** Resolves when everything that was appended before is on the disk. */
  durable(): Promise<void> {
    this.#ship();
    return this.#custody.synced();
  }

  /** Resolves when everything that was appended before is in the database, or when the time is over. */
  flush(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    this.#ship();
    return within(timeoutMs, (signal) => this.#custody.drained(signal));
  }

  /** Writes what waits to the disk, and takes it over for as long as the time allows; the next start does the rest. */
  async close(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    this.#ship();
    this.#isClosed = true;
    await this.#custody.close(timeoutMs);
  }

  stats(): RecordStats {
    this.#encodeWaiting();
    const { counts, writeError, drainError, bytes, segments } = this.#custody;
    const lastError = writeError ?? drainError ?? this.#appendError;
    return {
      queuedRecords: this.#backlog.records,
      queuedBytes: this.#backlog.bytes,
      droppedTexts: this.#admission.droppedTexts,
      droppedRecords: this.#admission.droppedRecords + counts.lost,
      written: counts.written,
      oldestAgeMs: this.#oldestAgeMs(),
      ...(lastError === undefined ? {} : { lastError }),
      fill: this.#admission.fill,
      journalBytes: bytes,
      segments,
      unsyncedRecords: this.#backlog.unsyncedRecords,
      damagedBytes: counts.damagedBytes,
      writeErrors: counts.writeErrors,
      retriedBatches: counts.retriedBatches,
      drainRestarts: counts.drainRestarts,
    };
  }

  /** Ends the thread that fills the database as if it had failed; for tests and drills. */
  killDrain(): Promise<void> {
    return this.#custody.killDrain();
  }

  #encodeWaiting(): void {
    for (const { record, texts } of this.#waiting.take()) {
      try {
        this.#encode(record, texts);
      } catch (error) {
        this.#admission.droppedRecords += 1;
        this.#appendError = redactSecrets(String(error));
      }
    }
  }

  #encode(record: CallRecord, texts: CallTexts): void {
    const entry = this.#admission.admit(record, texts);
    if (!entry) return;
    if (!this.#buffer.hasRoomFor(copiedLength(entry))) this.#handOver();
    const { now, monotonic } = this.#waitingSince;
    this.#buffer.add(entry, { marker: this.#custody.marker, appendedAt: now }, monotonic);
    this.#backlog.take(entryLength(entry));
  }

  #ship(): void {
    this.#cancelShipping?.();
    this.#cancelShipping = undefined;
    this.#encodeWaiting();
    this.#admission.relax();
    this.#handOver();
  }

  #handOver(): void {
    if (this.#buffer.isEmpty) return;
    const chunk = this.#buffer.take();
    this.#custody.push(chunk);
    try {
      this.#options.tap?.(wholeOf(chunk), chunk.records);
    } catch (error) {
      this.#options.log.error({ err: error }, 'what follows the journal failed at a chunk of it');
    }
  }

  #oldestAgeMs(): number {
    const { oldestAt } = this.#backlog.inherited;
    const now = this.#clock.monotonic();
    const own = this.#backlog.oldestFiled ?? this.#custody.oldestUnsynced ?? this.#buffer.since ?? now;
    return Math.max(0, now - own, oldestAt === undefined ? 0 : this.#clock.now() - oldestAt);
  }
}

/** Where the data folder takes nothing, a folder that is gone with the machine is better than none. */
async function openCustody(options: CustodyOptions): Promise<Custody> {
  try {
    return await Custody.open(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const root = mkdtempSync(join(tmpdir(), 'causeway-journal-'));
    options.log.error(
      { reason: String(error), folder: root },
      'the journal cannot be in the data folder (CAUSEWAY_DATA_DIR); what waits there does not outlive this machine',
    );
    return Custody.open({ ...options, root });
  }
}

const WARNINGS = {
  texts: 'the journal fills up, since the database takes too little: texts are left out of more and more records',
  records: 'the journal is full: records are dropped and counted',
} as const;

function logDropping(log: StorageLog, dropping: Dropping): void {
  if (dropping === 'nothing') log.info({}, 'the journal has room again: records are kept as they should be');
  else log[dropping === 'records' ? 'error' : 'warn']({}, WARNINGS[dropping]);
}
