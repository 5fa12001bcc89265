/** One labelled text, and what was said of it. Scores are from 0 to 1. */
export interface ScoredSample {
  readonly isHarmful: boolean;
  readonly score: number;
  /** Of a cascade's strong judge. */
  readonly strongScore?: number | undefined;
}

/** What is wanted of thresholds. */
export interface Wanted {
  /** The share of safe texts that may be blocked at most. */
  readonly falseBlock: number;
  /** Of a cascade: the share of harmful texts that may pass at the first judge at most. */
  readonly falsePass: number;
  /** How sure that has to be, e.g. 0.95. */
  readonly confidence: number;
}

/** Both classes of labelled texts. */
export interface Classes {
  readonly safe: readonly ScoredSample[];
  readonly harmful: readonly ScoredSample[];
}

/** @throws RangeError where one class is missing */
export function classesOf(samples: readonly ScoredSample[]): Classes {
  const safe = samples.filter(({ isHarmful }) => !isHarmful);
  const harmful = samples.filter(({ isHarmful }) => isHarmful);
  if (safe.length === 0 || harmful.length === 0) {
    const missing = safe.length === 0 ? 'safe' : 'harmful';
    throw new RangeError(
      `all ${samples.length} samples have the same label; there has to be at least one ${missing} one`,
    );
  }
  return { safe, harmful };
}

const MOST_DECIMALS = 15;

/** A number with few decimals about half-way between two, above the one and not above the other. */
export function plainBetween(above: number, most: number): number {
  for (let decimals = 2; decimals <= MOST_DECIMALS; decimals += 1) {
    const scale = 10 ** decimals;
    const rounded = Number((Math.round(((above + most) / 2) * scale) / scale).toFixed(decimals));
    if (rounded > above && rounded <= most) return rounded;
  }
  return most;
}
