import type { Scheduler } from '../../core/scheduler.ts';
import { type Chunk, lengthOf } from './entry-buffer.ts';
import { GrowingSegment, type OpenSegment } from './growing-segment.ts';
import { SegmentLine, type SegmentLinePorts } from './segment-line.ts';

export interface SegmentWriterPorts extends Pick<SegmentLinePorts, 'written' | 'closed'> {
  /** Begins the next segment. */
  create(): Promise<OpenSegment>;
  /** The chunks stay where they are and are tried again. */
  failed(error: unknown): void;
  readonly scheduler: Scheduler;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** Most of one write, but for a single chunk that is larger. */
const MAX_WRITE_BYTES = 4 * 1024 * 1024;

/**
 * Writes chunks to segments in their order, one write at a time, and what comes meanwhile goes with the next. Writes do
 * not wait for syncs, at the end of a segment neither: what is written survives the process, and only the machine's end
 * needs the sync.
 */
export class SegmentWriter {
  readonly #ports: SegmentWriterPorts;
  readonly #segmentBytes: number;
  /** What is not written yet. */
  #waiting: Chunk[] = [];
  /** What is written, and waits for its sync. */
  readonly #line: SegmentLine;
  #news: PromiseWithResolvers<void> | undefined;
  #running: Promise<void> | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isGivenUp = false;
  #isToEnd = false;
  #wake: (() => void) | undefined;

  constructor(ports: SegmentWriterPorts, segmentBytes: number) {
    this.#ports = ports;
    this.#segmentBytes = segmentBytes;
    this.#line = new SegmentLine({
      written: (segment, limit, chunks) => {
        this.#pauseMs = FIRST_PAUSE_MS;
        ports.written(segment, limit, chunks);
      },
      closed: (segment, limit) => ports.closed(segment, limit),
      rests: () => this.#tell(),
    });
  }

  push(chunk: Chunk): void {
    this.#waiting.push(chunk);
    this.#tell();
    this.#running ??= this.#run();
  }

  /** Monotonic milliseconds of the oldest record that is not safe. */
  get oldest(): number | undefined {
    return (this.#line.oldest ?? this.#waiting[0])?.since;
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
    await this.#line.close();
    return this.#waiting.splice(0);
  }

  /** What comes next goes to a segment of its own. */
  endSoon(): void {
    this.#isToEnd = this.#line.last !== undefined;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      try {
        await this.#writeAll();
      } catch (error) {
        this.#ports.failed(error);
        // After an error nobody knows what of the last write is there: what is not safe goes to a fresh segment.
        const unsafe = await this.#line.giveBack();
        this.#waiting = [...unsafe, ...this.#waiting];
        if (this.#isGivenUp) break;
        await this.#pause();
      }
    }
    this.#running = undefined;
  }

  /** Until nothing waits, and all of it is safe. */
  async #writeAll(): Promise<void> {
    for (;;) {
      if (this.#line.failure) throw this.#line.failure.cause;
      if (this.#waiting.length > 0) await this.#write();
      else if (this.#line.isBusy) await this.#nextNews();
      else return;
    }
  }

  async #write(): Promise<void> {
    const growing = await this.#growing();
    const chunks = this.#nextChunks(this.#segmentBytes - growing.end);
    await growing.write(chunks);
    this.#waiting.splice(0, chunks.length);
    growing.isEnded = growing.end >= this.#segmentBytes;
    this.#line.go();
  }

  /** Where the next write goes. A segment is ended between two writes only. */
  async #growing(): Promise<GrowingSegment> {
    const { last } = this.#line;
    if (last && !this.#isToEnd) return last;
    if (last) last.isEnded = true;
    this.#isToEnd = false;
    this.#line.go();
    const next = new GrowingSegment(await this.#ports.create());
    this.#line.add(next);
    return next;
  }

  /** What fits, and at least one. */
  #nextChunks(left: number): Chunk[] {
    const room = Math.min(MAX_WRITE_BYTES, left);
    let bytes = 0;
    const beyond = this.#waiting.findIndex((chunk, at) => {
      bytes += lengthOf(chunk);
      return bytes > room && at > 0;
    });
    return this.#waiting.slice(0, beyond < 0 ? this.#waiting.length : beyond);
  }

  #nextNews(): Promise<void> {
    this.#news ??= Promise.withResolvers<void>();
    return this.#news.promise;
  }

  #tell(): void {
    this.#news?.resolve();
    this.#news = undefined;
  }

  /** Longer each time, until the disk takes something. */
  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#ports.scheduler.after(this.#pauseMs, resolve);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    cancel();
  }
}
