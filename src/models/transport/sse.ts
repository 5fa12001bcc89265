import { GatewayError } from '../../core/errors.ts';
import type { FrameBatch, FrameSplitter, PlacedFrame } from './frames.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** A frame longer than this is no protocol that we know, and keeping it would not be bounded. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const BLANK_LINE = Buffer.from('\n\n');
const NO_BYTES = Buffer.alloc(0);
const EMPTY: FrameBatch = { bytes: NO_BYTES, frames: [] };

/**
 * Cuts a byte stream into whole server-sent events, whatever the reads were.
 * Lines end in LF or CRLF; a lone CR, which the standard allows and no provider sends, is text.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream (checked 2026-11-21)
 */
export class SseSplitter implements FrameSplitter {
  /** Reads of the frame that has not ended, joined only where one may end it: a long frame costs its length once. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** Where the first line of the rest begins that has not been seen whole. */
  #scanned = 0;
  /** What is being cut, and where the next frame begins. */
  #bytes: Buffer = NO_BYTES;
  #frameStart = 0;

  /** @throws provider_bad_response where a frame is over 16 MB */
  push(chunk: Buffer): FrameBatch {
    if (!this.begin(chunk)) return EMPTY;
    const frames: PlacedFrame[] = [];
    for (let frame = this.next(); frame; frame = this.next()) frames.push(frame);
    const bytes = this.finish();
    return bytes.length === 0 ? EMPTY : { bytes, frames };
  }

  /**
   * The same frame by frame: `next` until there is none, then `finish`.
   * @returns false where no frame ends in these bytes, which are kept; there is nothing to finish
   * @throws provider_bad_response where a frame is over 16 MB
   */
  begin(chunk: Buffer): boolean {
    if (!chunk.includes(LF)) {
      this.#keep(chunk);
      return false;
    }
    this.#bytes = this.#join(chunk);
    this.#frameStart = 0;
    return true;
  }

  /** All that is being cut. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where the next frame begins. */
  get at(): number {
    return this.#frameStart;
  }

  /** Whole frames up to there were read by somebody else. */
  skipTo(at: number): void {
    this.#frameStart = at;
    this.#scanned = at;
  }

  next(): PlacedFrame | undefined {
    const bytes = this.#bytes;
    const start = this.#frameStart;
    let lineStart = this.#scanned;
    for (let lf = bytes.indexOf(LF, lineStart); lf >= 0; lf = bytes.indexOf(LF, lineStart)) {
      lineStart = lf + 1;
      if (!isBlank(bytes, start, lf)) continue;
      this.skipTo(lineStart);
      return readFrame(bytes, start, lineStart);
    }
    this.#scanned = lineStart;
    return undefined;
  }

  /** @returns exactly the bytes of the frames that were read @throws provider_bad_response */
  finish(): Buffer {
    const bytes = this.#bytes;
    const end = this.#frameStart;
    this.#bytes = NO_BYTES;
    this.#scanned -= end;
    if (end === bytes.length) return bytes;
    this.#keep(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  /**
   * A last frame whose blank line is missing, with that line added, so that something can follow it.
   * Nothing where there is none, or none with data: half a frame says nothing.
   */
  flush(): FrameBatch {
    if (this.#restBytes === 0) return EMPTY;
    const isLineOpen = this.#rest.at(-1)?.at(-1) !== LF;
    const bytes = this.#join(isLineOpen ? BLANK_LINE : BLANK_LINE.subarray(1));
    const frame = readFrame(bytes, 0, bytes.length);
    return frame.data === undefined ? EMPTY : { bytes, frames: [frame] };
  }

  #join(chunk: Buffer): Buffer {
    const bytes = this.#restBytes === 0 ? chunk : Buffer.concat([...this.#rest, chunk]);
    this.#rest = [];
    this.#restBytes = 0;
    return bytes;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#rest.push(part);
    this.#restBytes += part.length;
    if (this.#restBytes > MAX_FRAME_BYTES) {
      throw new GatewayError('provider_bad_response', { message: 'The provider sent a stream event of over 16 MB.' });
    }
  }
}

/** Whether the line that ends at `lf` is empty: the byte before it ends a line too, or begins the frame. */
function isBlank(bytes: Buffer, frameStart: number, lf: number): boolean {
  let before = lf - 1;
  if (before >= frameStart && bytes[before] === CR) before -= 1;
  return before < frameStart || bytes[before] === LF;
}

function readFrame(bytes: Buffer, start: number, end: number): PlacedFrame {
  let event: string | undefined;
  let data: string | undefined;
  let at = start;
  // Looked for past each hit and not on each line, since a line may have none.
  let colon = bytes.indexOf(COLON, start);
  while (at < end) {
    let lf = bytes.indexOf(LF, at);
    if (lf < 0 || lf >= end) lf = end;
    const lineEnd = lf > at && bytes[lf - 1] === CR ? lf - 1 : lf;
    if (colon >= 0 && colon < at) colon = bytes.indexOf(COLON, at);
    if (colon > at && colon < lineEnd) {
      const name = bytes.toString('latin1', at, colon);
      if (name === 'data') {
        const text = fieldValue(bytes, colon, lineEnd);
        data = data === undefined ? text : `${data}\n${text}`;
      } else if (name === 'event') {
        event = fieldValue(bytes, colon, lineEnd);
      }
    }
    at = lf + 1;
  }
  return { start, end, event, data };
}

function fieldValue(bytes: Buffer, colon: number, lineEnd: number): string {
  const from = bytes[colon + 1] === SPACE ? colon + 2 : colon + 1;
  return bytes.toString('utf8', Math.min(from, lineEnd), lineEnd);
}
