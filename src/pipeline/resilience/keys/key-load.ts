/** After so long what a key was used counts half. */
const HALF_LIFE_MS = 60_000;
/** A key that is used less than that is never too busy for a prefix: about 20 requests a minute. */
const LITTLE = 30;
/**
 * A quarter more than its share, or than the others can do without, and a prefix goes elsewhere: several keys are there
 * to bear more than one can.
 */
const MORE = 0.25;

/** How many requests went with a key, the older the less. */
export class KeyLoad {
  #load = 0;
  #at = 0;

  /** @param now monotonic milliseconds */
  at(now: number): number {
    return this.#load * 2 ** ((this.#at - now) / HALF_LIFE_MS);
  }

  count(now: number): void {
    this.#load = this.at(now) + 1;
    this.#at = now;
  }
}

interface Loaded {
  readonly weight: number;
  readonly load: KeyLoad;
}

/** Those that are not used much more than their weight says, the next request counted. At least one always is. */
export function withRoom<One extends Loaded>(free: readonly One[], now: number): readonly One[] {
  if (free.length <= 1) return free;
  const all = free.reduce((sum, { load }) => sum + load.at(now), 1);
  const weights = free.reduce((sum, { weight }) => sum + weight, 0);
  return free.filter(({ weight, load }) => {
    const share = weight / weights;
    return load.at(now) < Math.max(LITTLE, all * (share + MORE * Math.min(share, 1 - share)));
  });
}
