const INDEX_BITS = 12;
const REGISTERS = 2 ** INDEX_BITS;
/** The bias of the estimate at so many registers. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
const MOST_CHARS = 256;
const SEED = 0x811c9dc5;

/**
 * How many different names were seen lately, within 2 %, in memory that is the same for ten and for ten million:
 * a HyperLogLog for each slice of the window. No name is kept.
 * @see https://algo.inria.fr/flajolet/Publications/FlFuGaMe07.pdf (checked 2026-11-21)
 */
export class DistinctRecently {
  readonly #sliceMs: number;
  readonly #slices: readonly { at: number; readonly registers: Uint8Array }[];

  /** A name counts for the window at least, and for one slice more at most. */
  constructor(windowMs: number, slices: number) {
    this.#sliceMs = windowMs / slices;
    this.#slices = Array.from({ length: slices + 1 }, () => ({ at: -1, registers: new Uint8Array(REGISTERS) }));
  }

  /** A name, which is one within its scope. */
  add(scope: string, name: string, nowMs: number): void {
    const at = Math.floor(nowMs / this.#sliceMs);
    const slice = this.#slices[at % this.#slices.length];
    if (!slice) return;
    if (slice.at !== at) {
      slice.registers.fill(0);
      slice.at = at;
    }
    const one = mix(hash(name, hash(scope, SEED)));
    const register = one >>> (32 - INDEX_BITS);
    // Its other bits run out at some hundred thousand names, so the rank is of another hash of both.
    const rank = Math.clz32(mix(hash(name, one))) + 1;
    if (rank > (slice.registers[register] as number)) slice.registers[register] = rank;
  }

  count(nowMs: number): number {
    const at = Math.floor(nowMs / this.#sliceMs);
    const recent = this.#slices.filter((slice) => slice.at >= 0 && at - slice.at < this.#slices.length);
    let sum = 0;
    let empty = 0;
    for (let register = 0; register < REGISTERS; register += 1) {
      let rank = 0;
      for (const { registers } of recent) rank = Math.max(rank, registers[register] as number);
      sum += 2 ** -rank;
      if (rank === 0) empty += 1;
    }
    const estimate = (ALPHA * REGISTERS * REGISTERS) / sum;
    // Few names: how many registers are still empty says it better.
    const isFew = estimate <= 2.5 * REGISTERS && empty > 0;
    return Math.round(isFew ? REGISTERS * Math.log(REGISTERS / empty) : estimate);
  }
}

/** FNV-1a. */
function hash(text: string, seed: number): number {
  let value = seed;
  const length = Math.min(text.length, MOST_CHARS);
  for (let at = 0; at < length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}

/** Each bit of the result depends on each bit of the value. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
