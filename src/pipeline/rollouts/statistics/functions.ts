/** Lanczos' approximation for g = 7; good to about 15 digits for x > 0. */
const LANCZOS = [
  0.999_999_999_999_809_9, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
];
const LANCZOS_G = 7;

/** The logarithm of the gamma function, x > 0. */
export function logGamma(x: number): number {
  // Close to 0 the approximation is taken one further: Γ(x) = Γ(x + 1) / x.
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  const shifted = x - 1;
  const base = shifted + LANCZOS_G + 0.5;
  let series = LANCZOS[0] ?? 1;
  for (let at = 1; at < LANCZOS.length; at += 1) series += (LANCZOS[at] ?? 0) / (shifted + at);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** The coefficients of a rational approximation of the complementary error function, good to 1.2e-7 of its value. */
const ERFC = [
  -1.265_512_23, 1.000_023_68, 0.374_091_96, 0.096_784_18, -0.186_288_06, 0.278_868_07, -1.135_203_98, 1.488_515_87,
  -0.822_152_23, 0.170_872_77,
];

/** The logarithm of the probability that a standard normal value is below `x`; finite for every finite `x`. */
export function logNormalBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  let power = 0;
  for (let at = ERFC.length - 1; at >= 0; at -= 1) power = power * t + (ERFC[at] ?? 0);
  const logTail = Math.log(t / 2) - z * z + power;
  return x <= 0 ? logTail : Math.log1p(-Math.exp(logTail));
}

/** Where a function that rises (or `falls`) crosses a level, between two places; the nearer place where it does not. */
export function crossing(rises: (x: number) => number, level: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (rises(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Halvings: a billionth of the way. */
const STEPS = 32;
