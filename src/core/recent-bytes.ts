interface Entry<Value> {
  readonly bytes: Buffer;
  readonly value: Value;
}

const SLOTS = 512;
const LONGEST = 16 * 1024;
/** Of longer texts some bytes say which they are: their whole is compared all the same. */
const MOST_STEPS = 256;

/**
 * What was made of bytes that came before, for the same bytes again. It is found by the bytes themselves, which are
 * compared in full, so that two texts are never taken for each other; one takes the place of another now and then.
 */
export class RecentBytes<Value> {
  readonly #entries: (Entry<Value> | undefined)[] = Array.from({ length: SLOTS });

  get(bytes: Buffer): Value | undefined {
    if (bytes.length > LONGEST) return undefined;
    const entry = this.#entries[slotOf(bytes)];
    return entry !== undefined && entry.bytes.equals(bytes) ? entry.value : undefined;
  }

  /** Keeps a copy of the bytes; those that are long are not kept. */
  set(bytes: Buffer, value: Value): void {
    if (bytes.length > LONGEST) return;
    // Memory of its own: a part of what a socket read would hold on to all of it.
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    copy.set(bytes);
    this.#entries[slotOf(bytes)] = { bytes: copy, value };
  }
}

function slotOf(bytes: Buffer): number {
  const { length } = bytes;
  const step = Math.max(4, Math.ceil(length / MOST_STEPS));
  let hash = length;
  for (let at = 3; at < length; at += step) {
    const word =
      (bytes[at] ?? 0) | ((bytes[at - 1] ?? 0) << 8) | ((bytes[at - 2] ?? 0) << 16) | ((bytes[at - 3] ?? 0) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return (hash >>> 0) % SLOTS;
}
