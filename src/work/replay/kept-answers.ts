/** An answer that is kept, or was. */
interface Kept {
  readonly target: string | undefined;
  /** Epoch milliseconds; what is over stays until there is no room, so that it is known that it was there. */
  readonly expiresAt: number;
  readonly bytes: number;
}

/** An answer that is being made. */
export interface Flight {
  readonly target: string | undefined;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Beside its bytes. */
const OVERHEAD_BYTES = 500;
const MOST_REMEMBERED = 500_000;

/** Which answers a cache of that size would hold at each moment, the ones used longest ago let go of first. */
export class KeptAnswers {
  readonly #maxBytes: number;
  /** The one used longest ago first. */
  readonly #kept = new Map<string, Kept>();
  /** Of those that were let go of. */
  readonly #gone = new Set<string>();
  readonly #flights = new Map<string, Flight>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Undefined where there is none, or it is over. */
  find(key: string, now: number): Kept | undefined {
    const found = this.#kept.get(key);
    if (!found || found.expiresAt <= now) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found;
  }

  /** There was one, which is over or was let go of. */
  isGone(key: string, now: number): boolean {
    const kept = this.#kept.get(key);
    return kept ? kept.expiresAt <= now : this.#gone.has(key);
  }

  /** @param answer its bytes without those of the bookkeeping */
  keep(key: string, answer: Kept): void {
    this.#take(key);
    this.#gone.delete(key);
    const bytes = answer.bytes + OVERHEAD_BYTES;
    this.#kept.set(key, { ...answer, bytes });
    this.#bytes += bytes;
    for (const [oldest] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#take(oldest);
      this.#gone.add(oldest);
    }
    for (const first of this.#gone) {
      if (this.#gone.size <= MOST_REMEMBERED) break;
      this.#gone.delete(first);
    }
  }

  takesOff(flight: string, told: Flight): void {
    this.#flights.set(flight, told);
  }

  lands(flight: string): void {
    this.#flights.delete(flight);
  }

  underWay(flight: string): Flight | undefined {
    return this.#flights.get(flight);
  }

  #take(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
