import type { Scheduler } from '../../core/scheduler.ts';
import type { Chunk } from './entry-buffer.ts';
import type { Segment } from './segment.ts';
import type { SegmentFile } from './segment-file.ts';

/** A segment that can be written to. */
export interface OpenSegment extends Segment {
  readonly file: SegmentFile;
}

export interface SegmentWriterPorts {
  /** Begins the next segment. */
  create(): Promise<OpenSegment>;
  /** The chunks are on the disk, and with them the segment up to `limit`. */
  written(segment: Segment, limit: number, chunks: readonly Chunk[]): void;
  /** Nothing is written to the segment any more. */
  closed(segment: Segment, limit: number): void;
  /** The chunks stay where they are and are tried again. */
  failed(error: unknown): void;
  readonly scheduler: Scheduler;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** Most of one write, but for a single chunk that is larger. */
const MAX_WRITE_BYTES = 4 * 1024 * 1024;

/**
 * Writes chunks to segments in their order: one write and one sync at a time, and what comes meanwhile goes with the
 * next. Writes do not wait for a sync: what is written survives the process, and only the machine's end needs the sync.
 */
export class SegmentWriter {
  readonly #ports: SegmentWriterPorts;
  readonly #segmentBytes: number;
  /** What is not safe yet. */
  readonly #waiting: Chunk[] = [];
  /** How many of them are written to the segment, and wait for its sync. */
  #afloat = 0;
  #segment: OpenSegment | undefined;
  /** Of the segment, what is safe … */
  #limit = 0;
  /** … and what is written. */
  #end = 0;
  #syncError: { readonly cause: unknown } | undefined;
  #pushed: PromiseWithResolvers<void> | undefined;
  #running: Promise<void> | undefined;
  #isGivenUp = false;
  #isToEnd = false;
  #wake: (() => void) | undefined;

  constructor(ports: SegmentWriterPorts, segmentBytes: number) {
    this.#ports = ports;
    this.#segmentBytes = segmentBytes;
  }

  push(chunk: Chunk): void {
    this.#waiting.push(chunk);
    this.#pushed?.resolve();
    this.#pushed = undefined;
    this.#running ??= this.#run();
  }

  /** Monotonic milliseconds of the oldest record that waits. */
  get oldest(): number | undefined {
    return this.#waiting[0]?.since;
  }

  /** Resolves when all that was pushed is on the disk, or was given up. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Stops trying what the disk does not take. @returns what was not written */
  async close(): Promise<Chunk[]> {
    this.#isGivenUp = true;
    this.#wake?.();
    await this.#running;
    await this.#endSegment();
    return this.#waiting.splice(0);
  }

  /** What comes next goes to a segment of its own. */
  endSoon(): void {
    this.#isToEnd = this.#segment !== undefined;
  }

  async #endSegment(): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = undefined;
    this.#isToEnd = false;
    this.#ports.closed(segment, this.#limit);
    this.#beginAt0();
    await segment.file.close().catch(() => undefined);
  }

  async #run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (this.#waiting.length > 0) {
      try {
        await this.#writeSegment();
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        this.#ports.failed(error);
        await this.#abandonSegment();
        if (this.#isGivenUp) break;
        await this.#pause(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
    this.#running = undefined;
  }

  /** Until nothing waits, or the segment is full. */
  async #writeSegment(): Promise<void> {
    if (this.#isToEnd || this.#limit >= this.#segmentBytes) await this.#endSegment();
    const segment = (this.#segment ??= await this.#ports.create());
    let syncing: Promise<void> | undefined;
    try {
      for (;;) {
        if (this.#syncError) throw this.#syncError.cause;
        const chunks = this.#nextChunks();
        if (chunks.length > 0) await this.#write(segment, chunks);
        else if (syncing) await Promise.race([syncing, this.#nextPush()]);
        else return;
        if (this.#afloat > 0) syncing ??= this.#sync(segment).finally(() => (syncing = undefined));
      }
    } finally {
      await syncing;
    }
  }

  async #write({ file }: OpenSegment, chunks: readonly Chunk[]): Promise<void> {
    await file.write(
      chunks.map(({ bytes }) => bytes),
      this.#end,
    );
    this.#end += sizeOf(chunks);
    this.#afloat += chunks.length;
  }

  /** Until all that is written is safe. Never rejects: whoever writes looks for what went wrong. */
  async #sync(segment: OpenSegment): Promise<void> {
    try {
      while (this.#afloat > 0) {
        const [count, end] = [this.#afloat, this.#end];
        await segment.file.sync();
        this.#limit = end;
        this.#afloat -= count;
        this.#ports.written(segment, end, this.#waiting.splice(0, count));
      }
    } catch (cause) {
      this.#syncError = { cause };
    }
  }

  /** None where the segment takes no more. */
  #nextChunks(): Chunk[] {
    if (this.#isToEnd || this.#end >= this.#segmentBytes) return [];
    let bytes = 0;
    const room = Math.min(MAX_WRITE_BYTES, this.#segmentBytes - this.#end);
    const beyond = this.#waiting.findIndex((chunk, at) => {
      if (at < this.#afloat) return false;
      bytes += chunk.bytes.length;
      return bytes > room && at > this.#afloat;
    });
    return this.#waiting.slice(this.#afloat, beyond < 0 ? this.#waiting.length : beyond);
  }

  #nextPush(): Promise<void> {
    this.#pushed ??= Promise.withResolvers<void>();
    return this.#pushed.promise;
  }

  #beginAt0(): void {
    this.#limit = 0;
    this.#end = 0;
    this.#afloat = 0;
    this.#syncError = undefined;
  }

  /**
   * After an error nobody knows what of the last write is there, and a second sync would not tell: what was being
   * written goes to a fresh segment, and of this one only what was safe before counts.
   */
  async #abandonSegment(): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    if (this.#limit > 0) {
      await segment.file.cut(this.#limit).catch(() => undefined);
      await this.#endSegment();
      return;
    }
    // A disk that is full for long would be left with a file of each attempt.
    this.#segment = undefined;
    this.#isToEnd = false;
    this.#beginAt0();
    await segment.file.discard().catch(() => undefined);
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#ports.scheduler.after(ms, resolve);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    cancel();
  }
}

function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
