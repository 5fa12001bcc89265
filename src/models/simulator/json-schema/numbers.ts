import type { JsonObject } from '../../../core/json.ts';
import { type Random, integerBetween } from '../random.ts';

/** A number is taken from this many steps above the lowest that is allowed. */
const SPAN = 100;

interface Range {
  readonly step: number;
  readonly low: number;
  readonly high: number;
  readonly openLow: boolean;
  readonly openHigh: boolean;
}

/** A multiple of the schema's step within its bounds. */
export function numberFor(schema: JsonObject, random: Random, kind: 'integer' | 'number'): number {
  const range = rangeOf(schema, kind);
  const [first, last] = multiplesWithin(range);
  if (first <= last) return multiple(integerBetween(random, first, Math.min(last, first + SPAN)), range.step);
  // No multiple of our own step fits: a fraction within the narrow bounds.
  return range.openLow || range.openHigh ? (range.low + range.high) / 2 : range.low;
}

function rangeOf(schema: JsonObject, kind: 'integer' | 'number'): Range {
  const bound = (name: string, otherwise: number): number => {
    const value = schema[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const above = bound('exclusiveMinimum', Number.NEGATIVE_INFINITY);
  const below = bound('exclusiveMaximum', Number.POSITIVE_INFINITY);
  const low = Math.max(bound('minimum', Number.NEGATIVE_INFINITY), above);
  const high = Math.min(bound('maximum', Number.POSITIVE_INFINITY), below);
  const step = Math.abs(bound('multipleOf', kind === 'integer' ? 1 : 0.5)) || 1;
  return { step, low, high, openLow: above === low, openHigh: below === high };
}

/** The first and last factor of the step; from 0 upwards where nothing bounds it below. */
function multiplesWithin({ step, low, high, openLow, openHigh }: Range): [number, number] {
  const floor = Number.isFinite(low) ? low : Math.min(0, Number.isFinite(high) ? high - step * SPAN : 0);
  let first = Math.ceil(floor / step);
  if (openLow && multiple(first, step) <= low) first += 1;
  let last = Number.isFinite(high) ? Math.floor(high / step) : first + SPAN;
  if (openHigh && multiple(last, step) >= high) last -= 1;
  return [first, last];
}

/** Free of binary noise: 3 × 0.1 is 0.3. */
function multiple(factor: number, step: number): number {
  return Number((factor * step).toPrecision(15));
}
