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
  // A scaled price is the price of `per` in nano-dollars. Products that a double holds exactly are added as such.
  let small = 0;
  let large = 0n;
  for (const [count, usd] of lines) {
    const product = Math.round(count) * Math.round(usd * SCALE);
    if (small + product <= Number.MAX_SAFE_INTEGER) small += product;
    else large += whole(count) * scaled(usd);
  }
  return { numerator: BigInt(small) + large, denominator: per };
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

/** The shortest decimal that a double stands for is off by less than half of the ninth decimal, up to $2 million. */
function scaled(usd: number): bigint {
  return BigInt(Math.round(usd * SCALE));
}

/** Providers' counts are numbers of any kind. */
function whole(count: number): bigint {
  return BigInt(Math.round(count));
}
