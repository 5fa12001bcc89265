/** Smaller tables would grow again at once. */
const FIRST_SLOTS = 1024;
/** Fuller than that, and looking takes long. */
const MOST_FULL = 0.7;
const SLOT_BYTES = 16;
const FREE = -1;

/** A name as two numbers of 32 bits; names that share both are told apart by who asks. */
export interface NameHash {
  readonly high: number;
  readonly low: number;
}

/** Names here are hexadecimal digests, whose every digit is as good as any other; others do as well. */
export function hashName(name: string): NameHash {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) ^ (low >>> 13);
  }
  return { high: (high ^ (high >>> 15)) >>> 0, low: (low ^ (low >>> 16)) >>> 0 };
}

/**
 * Where things are, by the hash of their names: a hash table in two flat arrays, which takes 16 bytes a slot and that
 * is known, while a Map takes five times as much and gives work to the collector.
 */
export class Places {
  #hashes = new Uint32Array(FIRST_SLOTS * 2);
  #places = new Float64Array(FIRST_SLOTS).fill(FREE);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.#places.length * SLOT_BYTES;
  }

  get({ high, low }: NameHash): number | undefined {
    const place = this.#places[this.#slotOf(high, low)] ?? FREE;
    return place === FREE ? undefined : place;
  }

  /** @param place a whole number, 0 or more */
  set({ high, low }: NameHash, place: number): void {
    const slot = this.#slotOf(high, low);
    if (this.#places[slot] === FREE) this.#size += 1;
    this.#put(slot, high, low, place);
    if (this.#size > this.#places.length * MOST_FULL) this.#grow();
  }

  delete({ high, low }: NameHash): void {
    const mask = this.#places.length - 1;
    let free = this.#slotOf(high, low);
    if (this.#places[free] === FREE) return;
    this.#size -= 1;
    // What stands behind may only stand there because this slot was taken: it moves up.
    for (let at = (free + 1) & mask; this.#places[at] !== FREE; at = (at + 1) & mask) {
      const home = (this.#hashes[at * 2 + 1] ?? 0) & mask;
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      this.#put(free, this.#hashes[at * 2] ?? 0, this.#hashes[at * 2 + 1] ?? 0, this.#places[at] ?? FREE);
      free = at;
    }
    this.#places[free] = FREE;
  }

  /** Where it is, or would be. */
  #slotOf(high: number, low: number): number {
    const mask = this.#places.length - 1;
    let slot = low & mask;
    while (this.#places[slot] !== FREE && !(this.#hashes[slot * 2] === high && this.#hashes[slot * 2 + 1] === low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #put(slot: number, high: number, low: number, place: number): void {
    this.#hashes[slot * 2] = high;
    this.#hashes[slot * 2 + 1] = low;
    this.#places[slot] = place;
  }

  #grow(): void {
    const [hashes, places] = [this.#hashes, this.#places];
    this.#hashes = new Uint32Array(hashes.length * 2);
    this.#places = new Float64Array(places.length * 2).fill(FREE);
    for (const [slot, place] of places.entries()) {
      if (place === FREE) continue;
      const [high, low] = [hashes[slot * 2] ?? 0, hashes[slot * 2 + 1] ?? 0];
      this.#put(this.#slotOf(high, low), high, low, place);
    }
  }
}
