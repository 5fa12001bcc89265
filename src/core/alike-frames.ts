/** Of what is held, at first; it is doubled whenever it is full. */
const FIRST_BYTES = 512;
/** Three lengths of up to 32 bits, seven in a byte. */
const MOST_HEAD_BYTES = 15;
const MORE = 0x80;
const LOW_BITS = 0x7f;
/** In the middle of a frame that is like the one before. */
const MOST_UNLIKE = 64;
const FRAME_END = Buffer.from('\n\n');
const NOTHING = Buffer.alloc(0);

/**
 * The bytes of a stream, in little memory: its frames are mostly like the one before but for some bytes in their middle,
 * and then these alone are held, with how much there is before and after them. Any other bytes are held as they are.
 */
export class AlikeFrames {
  #held = NOTHING;
  #size = 0;
  #bytes = 0;
  /** Where the frame that was added last stands. */
  #last: Uint8Array = NOTHING;
  #lastFrom = 0;
  #lastTo = 0;

  /** Of all that was added. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of memory. */
  get size(): number {
    return this.#held.length + this.#last.length;
  }

  /** They are not changed any more by who gives them. */
  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    // Most reads are one frame, and most frames are like the last one: then nobody has to look where it ends.
    if (this.#add(bytes, 0, bytes.length, MOST_UNLIKE)) return;
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let from = 0; from < bytes.length;) {
      const end = whole.indexOf(FRAME_END, from);
      const to = end < 0 ? bytes.length : end + FRAME_END.length;
      this.#add(bytes, from, to, Number.POSITIVE_INFINITY);
      from = to;
    }
  }

  all(): Buffer {
    return Buffer.concat([...this.pieces(Number.POSITIVE_INFINITY)]);
  }

  /** What there is now, in pieces of whole frames: of about so many bytes, or of one frame that is longer. */
  pieces(bytes: number): IterableIterator<Buffer> {
    return this.#pieces(bytes, this.#size);
  }

  /** @returns false where more than `mostMiddle` of them would have to be held, and nothing was done */
  #add(bytes: Uint8Array, from: number, to: number, mostMiddle: number): boolean {
    const last = this.#last;
    const most = Math.min(to - from, this.#lastTo - this.#lastFrom);
    let before = 0;
    while (before < most && bytes[from + before] === last[this.#lastFrom + before]) before += 1;
    let after = 0;
    while (after < most - before && bytes[to - 1 - after] === last[this.#lastTo - 1 - after]) after += 1;
    const middle = to - from - before - after;
    if (middle > mostMiddle) return false;
    this.#makeRoom(MOST_HEAD_BYTES + middle);
    this.#number(before);
    this.#number(after);
    this.#number(middle);
    for (let at = from + before; at < to - after; at += 1) {
      this.#held[this.#size] = bytes[at] ?? 0;
      this.#size += 1;
    }
    this.#last = bytes;
    this.#lastFrom = from;
    this.#lastTo = to;
    return true;
  }

  /** Not of the pool, where what lives long keeps what does not. */
  #makeRoom(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed <= this.#held.length) return;
    const held = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * this.#held.length, needed));
    held.set(this.#held.subarray(0, this.#size));
    this.#held = held;
  }

  #number(value: number): void {
    let left = value;
    for (; left > LOW_BITS; left >>>= 7) {
      this.#held[this.#size] = (left & LOW_BITS) | MORE;
      this.#size += 1;
    }
    this.#held[this.#size] = left;
    this.#size += 1;
  }

  /** What is held is added to meanwhile, and not changed. */
  *#pieces(bytes: number, end: number): Generator<Buffer, void> {
    let frames: Buffer[] = [];
    let length = 0;
    let frame: Buffer = NOTHING;
    for (let at = 0; at < end;) {
      const before = numberAt(this.#held, at);
      const after = numberAt(this.#held, before.end);
      const middle = numberAt(this.#held, after.end);
      at = middle.end + middle.value;
      const parts = [
        frame.subarray(0, before.value),
        this.#held.subarray(middle.end, at),
        frame.subarray(frame.length - after.value),
      ];
      frame = Buffer.concat(parts);
      frames.push(frame);
      length += frame.length;
      if (length < bytes && at < end) continue;
      yield Buffer.concat(frames, length);
      frames = [];
      length = 0;
    }
  }
}

interface NumberAt {
  readonly value: number;
  readonly end: number;
}

function numberAt(bytes: Buffer, from: number): NumberAt {
  let value = 0;
  let at = from;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value |= (byte & LOW_BITS) << shift;
    if (byte < MORE) return { value, end: at };
  }
}
