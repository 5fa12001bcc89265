const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** A window as causeway.yaml writes it: `1m`, `90s`; what is no whole number of any unit by the given way. */
export function windowText(ms: number, otherwise: (ms: number) => string): string {
  const [name, size] = UNITS.find(([, unitMs]) => ms % unitMs === 0) ?? [];
  return name === undefined || size === undefined ? otherwise(ms) : `${ms / size}${name}`;
}

/** What is taken of what may be used at once; 0 to 1. */
export function takenShare(remaining: number, most: number): number {
  return most <= 0 ? 1 : Math.min(1, Math.max(0, 1 - remaining / most));
}
