/** Prices have at most nine decimals: a number in dollars × this is a whole number. */
const SCALE = 1e9;

/** A sum of money that is not rounded yet: nano-dollars as a fraction of whole numbers. */
export interface ExactNanos {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const NOTHING: ExactNanos = { numerator: 0n, denominator: 1n };

export function add(a: ExactNanos, b: ExactNanos): ExactNanos {
  if (a.denominator === b.denominator) return { ...a, numerator: a.numerator + b.numerator };
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** × a price's factor. */
export function times(amount: ExactNanos, factor: number): ExactNanos {
  return { numerator: amount.numerator * scaled(factor), denominator: amount.denominator * scaled(1) };
}

/** Counts, each with its price in dollars for so many (`per`) of them. */
export function exactSum(lines: readonly (readonly [count: number, usd: number])[], per: bigint): ExactNanos {
  const sum = new PriceSum();
  for (const [count, usd] of lines) sum.add(count, usd);
  return sum.over(per);
}

/** What the prices of a {@link PriceSum} are for. */
const MILLION = 1_000_000;

/**
 * Counts, each with its price, mostly in dollars for a million of them. A scaled price is the price of so many in
 * nano-dollars; what a double holds exactly is summed as such.
 */
export class PriceSum {
  #small = 0;
  #large: bigint | undefined;

  /** @param factor whole; 1000 where the price is for a thousand, and for a million of the others */
  add(count: number, usd: number, factor = 1): void {
    const product = Math.round(count) * Math.round(usd * SCALE) * factor;
    if (this.#small + product <= Number.MAX_SAFE_INTEGER) this.#small += product;
    else this.#large = (this.#large ?? 0n) + whole(count) * scaled(usd) * BigInt(factor);
  }

  over(per: bigint): ExactNanos {
    return { numerator: BigInt(this.#small) + (this.#large ?? 0n), denominator: per };
  }

  get perMillion(): ExactNanos {
    return this.over(BigInt(MILLION));
  }

  /** To whole nano-dollars, halves up. */
  get rounded(): number {
    if (this.#large !== undefined) return rounded(this.perMillion);
    const nanos = Math.floor(this.#small / MILLION);
    return 2 * (this.#small - nanos * MILLION) >= MILLION ? nanos + 1 : nanos;
  }

  /** To whole nano-dollars; undefined of more than a number holds. */
  get roundedUp(): number | undefined {
    return this.#large === undefined ? Math.ceil(this.#small / MILLION) : roundedUp(this.perMillion);
  }
}

/** Milliseconds of so many machines at a price in dollars per hour, shared by so many calls at a time. */
export function exactHours(ms: number, usdPerHour: number, machines: number, shared: number): ExactNanos {
  const microseconds = whole(ms * 1000);
  return {
    numerator: microseconds * scaled(usdPerHour) * scaled(machines),
    denominator: 3_600_000_000n * scaled(shared),
  };
}

/** To whole nano-dollars, halves up. */
export function rounded({ numerator, denominator }: ExactNanos): number {
  const nanos = (2n * numerator + denominator) / (2n * denominator);
  return nanos > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(nanos);
}

/** To whole nano-dollars; what does not fit is not bounded. */
export function roundedUp({ numerator, denominator }: ExactNanos): number | undefined {
  const nanos = (numerator + denominator - 1n) / denominator;
  return nanos > Number.MAX_SAFE_INTEGER ? undefined : Number(nanos);
}

/** The shortest decimal that a double stands for is off by less than half of the ninth decimal, up to $2 million. */
function scaled(usd: number): bigint {
  return BigInt(Math.round(usd * SCALE));
}

/** Providers' counts are numbers of any kind. */
function whole(count: number): bigint {
  return BigInt(Math.round(count));
}
