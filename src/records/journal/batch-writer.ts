import { type Clock, systemClock } from '../../core/clock.ts';
import { redactSecrets } from '../../core/redaction.ts';
import type { DatabaseConnection } from '../traces/trace-store.ts';
import { Backlog, type BacklogBounds } from './backlog.ts';
import { EntryBuffer } from './entry-buffer.ts';
import { type EncodedEntry, HEAD_BYTES, encodeFacts, entryLength, keepText } from './entry-codec.ts';
import type { CallRecord, CallTexts, RecordSink } from './record.ts';
import { WriterLink } from './writer-link.ts';
import type { FromWriter } from './writer-messages.ts';

export interface BatchWriterOptions extends Partial<BacklogBounds> {
  /** The writer thread connects by itself. */
  readonly connection: DatabaseConnection;
  /** The most that is kept of one input and of one output; a longer one is cut and says so. */
  readonly maxBodyBytes: number;
  readonly clock?: Clock;
}

/** What is waiting, and what was lost. Counts are since the start. */
export interface RecordStats {
  readonly queuedRecords: number;
  readonly queuedBytes: number;
  /** Records that were kept without their texts. */
  readonly droppedTexts: number;
  readonly droppedRecords: number;
  readonly written: number;
  readonly oldestAgeMs: number;
  /** Why nothing, or not everything, is being written. */
  readonly lastError?: string;
}

const DEFAULT_BOUNDS: BacklogBounds = { maxBytes: 128 * 1024 * 1024, maxRecords: 100_000 };
const SHIP_EVERY_MS = 100;
const FLUSH_TIMEOUT_MS = 5000;
const NO_TEXTS: CallTexts = { input: undefined, output: undefined };

interface Waiter {
  /** Number of the last shipment to wait for. */
  readonly until: number;
  readonly resolve: () => void;
}

/**
 * Keeps records until a thread of its own has written them to the database.
 *
 * The request thread encodes a record into a chunk of memory and hands full chunks over without a copy.
 * What waits is bounded: over half of the bytes texts are left out, at the bound whole records are.
 */
export class BatchWriter implements RecordSink {
  readonly #options: BatchWriterOptions;
  readonly #clock: Clock;
  readonly #backlog: Backlog;
  readonly #link: WriterLink;
  readonly #buffer = new EntryBuffer();
  #waiters: Waiter[] = [];
  #shipped = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #lastError: string | undefined;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backlog = new Backlog({
      maxBytes: options.maxBytes ?? DEFAULT_BOUNDS.maxBytes,
      maxRecords: options.maxRecords ?? DEFAULT_BOUNDS.maxRecords,
    });
    this.#link = new WriterLink({
      connection: options.connection,
      message: (message) => this.#hear(message),
      lost: (reason) => this.#lose(reason),
    });
  }

  append(record: CallRecord, texts: CallTexts): void {
    try {
      this.#append(record, texts);
    } catch (error) {
      this.#backlog.droppedRecords += 1;
      this.#lastError = redactSecrets(String(error));
    }
  }

  /** Resolves when everything that was appended before is written, or when the time is over. */
  flush(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    this.#ship();
    if (this.#backlog.shipments === 0) return Promise.resolve();
    return new Promise((done) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        done();
      }, timeoutMs);
      const resolve = (): void => {
        clearTimeout(timer);
        done();
      };
      const waiter = { until: this.#shipped, resolve };
      this.#waiters.push(waiter);
    });
  }

  /** Writes what waits for as long as the time allows; what is appended later is dropped. */
  async close(timeoutMs: number = FLUSH_TIMEOUT_MS): Promise<void> {
    this.#closed = true;
    await this.flush(timeoutMs);
    // With something left the database is away, and waiting for the thread would be waiting for it.
    await this.#link.close(this.#backlog.shipments === 0 ? timeoutMs : 0);
  }

  stats(): RecordStats {
    const { records, bytes, droppedTexts, droppedRecords, written, oldestShipment } = this.#backlog;
    const oldest = oldestShipment ?? this.#buffer.since;
    return {
      queuedRecords: records,
      queuedBytes: bytes,
      droppedTexts,
      droppedRecords,
      written,
      oldestAgeMs: oldest === undefined ? 0 : this.#clock.monotonic() - oldest,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  #append(record: CallRecord, texts: CallTexts): void {
    const { maxBodyBytes } = this.#options;
    const { input, output } = record.policy.bodies === 'none' ? NO_TEXTS : texts;
    const facts = encodeFacts(record);
    const factsBytes = Buffer.byteLength(facts);
    const whole: EncodedEntry = {
      facts,
      factsBytes,
      input: keepText(input, maxBodyBytes),
      output: keepText(output, maxBodyBytes),
      textsDropped: false,
    };
    const length = entryLength(whole);
    const admission = this.#closed
      ? 'nothing'
      : this.#backlog.admit(HEAD_BYTES + factsBytes, length - HEAD_BYTES - factsBytes);
    if (admission === 'whole') this.#add(whole, length);
    else if (admission === 'nothing') this.#backlog.droppedRecords += 1;
    else {
      this.#add({ ...whole, input: undefined, output: undefined, textsDropped: true }, HEAD_BYTES + factsBytes);
      this.#backlog.droppedTexts += 1;
    }
  }

  #add(entry: EncodedEntry, length: number): void {
    if (!this.#buffer.hasRoomFor(length)) this.#ship();
    this.#buffer.add(entry, this.#clock.monotonic());
    this.#backlog.take(length);
    this.#timer ??= setTimeout(() => this.#ship(), SHIP_EVERY_MS).unref();
  }

  #ship(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer.isEmpty) return;
    const chunk = this.#buffer.take();
    this.#backlog.ship({ records: chunk.records, bytes: chunk.bytes.length, since: chunk.since });
    this.#shipped += 1;
    this.#link.send(chunk);
  }

  #hear(message: FromWriter): void {
    if (message.kind === 'spent') {
      for (const memory of message.memory) this.#buffer.recycle(memory);
      return;
    }
    this.#lastError = message.reason;
    if (message.kind === 'trouble') return;
    this.#backlog.arrive(message.chunks, message.written, message.refused);
    this.#wake();
  }

  #lose(reason: string): void {
    const lost = this.#backlog.loseShipments();
    if (lost > 0) this.#lastError = `${lost} records were lost: ${reason}`;
    this.#wake();
  }

  /** Lets go on whoever waits for nothing that is still on its way. */
  #wake(): void {
    const arrived = this.#shipped - this.#backlog.shipments;
    const ready = this.#waiters.filter(({ until }) => until <= arrived);
    if (ready.length === 0) return;
    this.#waiters = this.#waiters.filter(({ until }) => until > arrived);
    for (const { resolve } of ready) resolve();
  }
}
