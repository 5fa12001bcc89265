import type { Fees, Price, Rates, Variant } from './price.ts';

/** The most that anything may cost by a price, in any of the ways in which it may be served. */
export interface Most {
  readonly text: number;
  /** Of audio that is cached. */
  readonly heard: number;
  readonly media: number;
  readonly said: number;
  readonly spoken: number;
  readonly citation: number;
  readonly fees: Required<Fees> & { readonly areSome: boolean };
  /** They make the most together. */
  readonly factors: readonly number[];
}

/** More than there are ways in which one model is served. */
const MOST_WAYS = 64;

/** By the bits of the variants that may hold. */
const KNOWN = new WeakMap<Price, Map<number, Most>>();

/** @param possible variants beside the price itself, or a bit for each */
export function mostOf(price: Price, possible: number | readonly Variant[]): Most {
  if (typeof possible !== 'number') return workedOut(price, possible);
  let ways = KNOWN.get(price);
  if (!ways) {
    ways = new Map();
    KNOWN.set(price, ways);
  }
  let most = ways.get(possible);
  if (!most) {
    const { variants = [] } = price;
    most = workedOut(
      price,
      variants.filter((_, at) => (possible & (1 << at)) !== 0),
    );
    if (ways.size < MOST_WAYS) ways.set(possible, most);
  }
  return most;
}

function workedOut(price: Price, possible: readonly Variant[]): Most {
  const all: readonly Partial<Rates>[] = [price, ...possible];
  const allFees = [price.fees, ...possible.map((variant) => variant.fees)];
  const fee = (kind: keyof Fees): number => allFees.reduce((most, fees) => Math.max(most, fees?.[kind] ?? 0), 0);
  const fees = {
    request: fee('request'),
    webSearch: fee('webSearch'),
    webFetch: fee('webFetch'),
    searchUnit: fee('searchUnit'),
    audioMinute: fee('audioMinute'),
    character: fee('character'),
    image: fee('image'),
  };
  return {
    text: dearest(all, 'input', 'cacheRead', 'cacheWrite', 'cacheWrite1h'),
    heard: dearest(all, 'audioCacheRead'),
    media: dearest(all, 'audioInput', 'imageInput'),
    said: dearest(all, 'output', 'reasoning', 'imageOutput'),
    spoken: dearest(all, 'audioOutput'),
    citation: dearest(all, 'citation'),
    fees: { ...fees, areSome: Object.values(fees).some((usd) => usd > 0) },
    factors: dearestFactors(possible),
  };
}

/** A kind without a rate costs what another does that is looked at too, so that absent ones say nothing. */
function dearest(prices: readonly Partial<Rates>[], ...kinds: readonly (keyof Rates)[]): number {
  let most = 0;
  for (const price of prices) for (const kind of kinds) most = Math.max(most, price[kind] ?? 0);
  return most;
}

const EXCLUSIVE = ['serviceTier', 'geo', 'speed', 'searchContext'] as const;

/**
 * The factors that make the most together. Variants for two values of one field never hold both, so of each field the
 * dearest value counts; all others may hold at once.
 */
function dearestFactors(possible: readonly Variant[]): readonly number[] {
  const raising = possible.filter(({ factor = 1 }) => factor > 1);
  if (raising.length < 2) return raising.map(({ factor = 1 }) => factor);
  const chosen: number[] = [];
  const fields = new Map<string, Map<string, number[]>>();
  for (const { when, factor = 1 } of raising) {
    const field = EXCLUSIVE.find((name) => when[name] !== undefined);
    if (field === undefined) chosen.push(factor);
    else {
      const values = fields.get(field) ?? new Map<string, number[]>();
      const value = when[field] ?? '';
      fields.set(field, values.set(value, [...(values.get(value) ?? []), factor]));
    }
  }
  for (const values of fields.values()) chosen.push(...largestProduct([...values.values()]));
  return chosen;
}

function productOf(factors: readonly number[]): number {
  return factors.reduce((all, factor) => all * factor, 1);
}

function largestProduct(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.reduce((most, factors) => (productOf(factors) > productOf(most) ? factors : most), []);
}
