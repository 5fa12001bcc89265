import { type Chunk, lengthOf, piecesOf } from './entry-buffer.ts';
import type { Segment } from './segment.ts';
import type { SegmentFile } from './segment-file.ts';

/** A segment that can be written to. */
export interface OpenSegment extends Segment {
  readonly file: SegmentFile;
}

/** A segment while it is written: what is in it, and how much of that is safe. */
export class GrowingSegment {
  readonly segment: OpenSegment;
  /** Written, and waiting for a sync. */
  #afloat: Chunk[] = [];
  #end = 0;
  #limit = 0;
  /** Nothing is written to it any more. */
  isEnded = false;

  constructor(segment: OpenSegment) {
    this.segment = segment;
  }

  /** Bytes that are written. */
  get end(): number {
    return this.#end;
  }

  /** Bytes that are safe. */
  get limit(): number {
    return this.#limit;
  }

  get afloat(): readonly Chunk[] {
    return this.#afloat;
  }

  async write(chunks: readonly Chunk[]): Promise<void> {
    await this.segment.file.write(chunks.flatMap(piecesOf), this.#end);
    this.#end += chunks.reduce((sum, chunk) => sum + lengthOf(chunk), 0);
    this.#afloat.push(...chunks);
  }

  /** @returns what is safe now, and was not before */
  async sync(): Promise<Chunk[]> {
    const [count, end] = [this.#afloat.length, this.#end];
    await this.segment.file.sync();
    this.#limit = end;
    return this.#afloat.splice(0, count);
  }
}
