import { duration } from './numbers.ts';

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** A length of time as causeway.yaml writes it: `1m`, `90s`; what is no whole number of any unit as a duration. */
export function span(ms: number): string {
  const [name, size] = UNITS.find(([, unitMs]) => ms > 0 && ms % unitMs === 0) ?? [];
  return name === undefined || size === undefined ? duration(ms) : `${ms / size}${name}`;
}
