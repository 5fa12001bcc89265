import type { Chunk } from './entry-buffer.ts';
import type { GrowingSegment } from './growing-segment.ts';
import type { Segment } from './segment.ts';

export interface SegmentLinePorts {
  /** The chunks are on the disk, and with them the segment up to `limit`. */
  written(segment: Segment, limit: number, chunks: readonly Chunk[]): void;
  /** Nothing is written to the segment any more. */
  closed(segment: Segment, limit: number): void;
  /** All is safe that can be made safe now. */
  rests(): void;
}

/** Makes segments safe in the order in which they were begun, one sync at a time. */
export class SegmentLine {
  readonly #ports: SegmentLinePorts;
  #segments: GrowingSegment[] = [];
  #failure: { readonly cause: unknown } | undefined;
  #running: Promise<void> | undefined;

  constructor(ports: SegmentLinePorts) {
    this.#ports = ports;
  }

  /** What went wrong at a sync. There is no other until all is given back: it would not tell what is there. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Where writing goes on; undefined where a segment is to be begun. */
  get last(): GrowingSegment | undefined {
    const last = this.#segments.at(-1);
    return last?.isEnded === false ? last : undefined;
  }

  /** What has waited the longest. */
  get oldest(): Chunk | undefined {
    return this.#segments.find(({ afloat }) => afloat.length > 0)?.afloat[0];
  }

  add(segment: GrowingSegment): void {
    this.#segments.push(segment);
  }

  /** There is something to sync, or the last segment was ended. */
  go(): void {
    const [head] = this.#segments;
    if (head && isToDo(head) && !this.#failure) this.#running ??= this.#run();
  }

  /** Waits for what is under way, then ends what is left. */
  async close(): Promise<void> {
    await this.#running;
    if (this.last) this.last.isEnded = true;
    this.go();
    await this.#running;
  }

  /**
   * Waits for what is under way, then ends every segment where it is safe.
   * @returns what is not, in its order
   */
  async giveBack(): Promise<Chunk[]> {
    await this.#running;
    const segments = this.#segments;
    this.#segments = [];
    this.#failure = undefined;
    for (const segment of segments) await this.#abandon(segment);
    return segments.flatMap(({ afloat }) => afloat);
  }

  /** Never rejects: whoever writes looks for what went wrong. */
  async #run(): Promise<void> {
    try {
      for (let head = this.#segments[0]; head && isToDo(head); head = this.#segments[0]) {
        if (head.afloat.length > 0) {
          const chunks = await head.sync();
          this.#ports.written(head.segment, head.limit, chunks);
        } else {
          this.#segments.shift();
          await this.#close(head);
        }
      }
    } catch (cause) {
      this.#failure = { cause };
    }
    this.#running = undefined;
    this.#ports.rests();
  }

  async #close({ segment, limit }: GrowingSegment): Promise<void> {
    this.#ports.closed(segment, limit);
    await segment.file.close().catch(() => undefined);
  }

  /** A disk that is full for long would be left with an empty file of each attempt. */
  async #abandon(growing: GrowingSegment): Promise<void> {
    const { segment, limit } = growing;
    if (limit === 0) return segment.file.discard().catch(() => undefined);
    await segment.file.cut(limit).catch(() => undefined);
    await this.#close(growing);
  }
}

function isToDo({ afloat, isEnded }: GrowingSegment): boolean {
  return afloat.length > 0 || isEnded;
}
