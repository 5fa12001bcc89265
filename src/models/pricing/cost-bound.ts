import type { NanoUsd } from '../../core/money.ts';
import { type ExactNanos, NOTHING, add, exactHours, exactSum, times } from './exact.ts';
import type { Fees, GpuPrice, Price, Rates, Variant, When } from './price.ts';
import { ORDINARY } from './terms.ts';

/** What an attempt uses at most. Where a count is absent nothing bounds it. */
export interface BoundedUse {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** Whether there may be audio or images in the prompt; yes where absent. */
  readonly mediaInput?: boolean;
  /** Whether the answer may be audio; yes where absent. */
  readonly audioOutput?: boolean;
  readonly citationTokens?: number | undefined;
  readonly webSearchRequests?: number | undefined;
  readonly webFetchRequests?: number | undefined;
  readonly searchUnits?: number | undefined;
  readonly audioSeconds?: number | undefined;
  readonly characters?: number | undefined;
  readonly images?: number | undefined;
  /** From sending to the end. */
  readonly durationMs?: number | undefined;
}

/** What is certain of how it will be served; what is absent can be anything, but a batch, which it never is. */
export interface CertainTerms {
  /** The tier that the request names: it is served on this one or on the ordinary one. */
  readonly serviceTier?: string | undefined;
  /** The place that the request names, in the same way. */
  readonly geo?: string | undefined;
  /** Where the endpoint stands that is asked, as the attempt will be settled by. */
  readonly region?: string | undefined;
  /** What it asks for; nobody is served faster unasked. */
  readonly speed?: string | undefined;
}

/**
 * What an attempt costs at most by a price: for every usage within the counts, in every way in which it may be served,
 * at any hour. Rounded up. Undefined where something is billed that nothing bounds, or the price does not know the place.
 *
 * It holds for what is counted by this price: a provider's own word on what it charges, and other models that had a
 * part in the answer, are not in it.
 */
export function costBound(price: Price, use: BoundedUse, certain: CertainTerms = {}): NanoUsd | undefined {
  const { variants = [] } = price;
  if (certain.region !== undefined && !knowsPlace(variants, certain.region)) return undefined;
  const possible = variants.length === 0 ? variants : variants.filter(({ when }) => isPossible(when, use, certain));
  const tokens = tokenBound([price, ...possible], use);
  const fees = feeBound([price.fees, ...possible.map((variant) => variant.fees)], use);
  const machines = gpuBound(price.gpu, use.durationMs);
  if (!tokens || !fees || !machines) return undefined;
  const priced = dearestFactors(possible).reduce(times, tokens);
  return roundedUp(add(add(priced, fees), machines));
}

/** A row that names no place holds at all of a provider's endpoints. */
function knowsPlace(variants: readonly Variant[], region: string): boolean {
  const places = variants.flatMap(({ when: { geo } }) => geo ?? []);
  return places.length === 0 || places.includes(region) || ORDINARY.geo.has(region);
}

function isPossible(when: When, { inputTokens }: BoundedUse, certain: CertainTerms): boolean {
  if (when.batch) return false;
  if (when.inputAbove !== undefined && inputTokens !== undefined && inputTokens <= when.inputAbove) return false;
  if (!mayBe(when.serviceTier, certain.serviceTier)) return false;
  if (when.speed !== undefined && when.speed !== certain.speed) return false;
  return certain.region === undefined ? mayBe(when.geo, certain.geo) : mayBe(when.geo, certain.region);
}

function mayBe(named: string | undefined, certain: string | undefined): boolean {
  return named === undefined || certain === undefined || named === certain;
}

type Priced = Partial<Rates>;

/** A kind without a rate costs what another does that is looked at too, so that absent ones say nothing. */
function dearest(prices: readonly Priced[], ...kinds: readonly (keyof Rates)[]): number {
  let most = 0;
  for (const price of prices) for (const kind of kinds) most = Math.max(most, price[kind] ?? 0);
  return most;
}

function tokenBound(prices: readonly Priced[], use: BoundedUse): ExactNanos | undefined {
  const { mediaInput = true, audioOutput = true } = use;
  const text = dearest(prices, 'input', 'cacheRead', 'cacheWrite', 'cacheWrite1h');
  const heard = mediaInput ? dearest(prices, 'audioCacheRead') : 0;
  // Of a token that is cached and of audio or an image nobody may say that it is the same one, so that it counts as both.
  const media = mediaInput ? dearest(prices, 'audioInput', 'imageInput') : 0;
  const spoken = audioOutput ? dearest(prices, 'audioOutput') : 0;
  const said = Math.max(dearest(prices, 'output', 'reasoning', 'imageOutput'), spoken);
  const lines = [
    line(Math.max(text, heard), use.inputTokens),
    line(media, use.inputTokens),
    line(said, use.outputTokens),
    line(dearest(prices, 'citation'), use.citationTokens),
  ];
  return sumOf(lines, 1_000_000n);
}

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000n;

/** What has no known fee has no known cost either, so that it is in no bound. */
function feeBound(all: readonly (Fees | undefined)[], use: BoundedUse): ExactNanos | undefined {
  const most = (kind: keyof Fees): number => all.reduce((fee, fees) => Math.max(fee, fees?.[kind] ?? 0), 0);
  const { audioSeconds } = use;
  const heard = line(most('audioMinute'), audioSeconds === undefined ? undefined : audioSeconds * MS_PER_SECOND);
  const listened = sumOf([heard], 1000n * MS_PER_MINUTE);
  const others = sumOf(
    [
      line(most('request'), 1),
      line(most('webSearch'), use.webSearchRequests),
      line(most('webFetch'), use.webFetchRequests),
      line(most('searchUnit'), use.searchUnits),
      line(most('character'), use.characters),
      line(most('image'), use.images),
    ],
    1000n,
  );
  return listened && others && add(listened, others);
}

type Line = readonly [count: number, usd: number];

const NO_LINE: Line = [0, 0];

/** What is free needs no bound. */
function line(usd: number, count: number | undefined): Line | undefined {
  if (usd === 0) return NO_LINE;
  return count === undefined || count === Infinity ? undefined : [Math.ceil(count), usd];
}

function sumOf(lines: readonly (Line | undefined)[], per: bigint): ExactNanos | undefined {
  const known = lines.filter((one) => one !== undefined && one !== NO_LINE);
  if (lines.includes(undefined)) return undefined;
  return known.length === 0 ? NOTHING : exactSum(known as Line[], per);
}

function gpuBound(gpu: GpuPrice | undefined, durationMs: number | undefined): ExactNanos | undefined {
  if (!gpu || gpu.hour === 0) return NOTHING;
  return durationMs === undefined ? undefined : exactHours(durationMs, gpu.hour, gpu.gpus ?? 1, gpu.concurrency ?? 1);
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

/** To whole nano-dollars; what does not fit is not bounded. */
function roundedUp({ numerator, denominator }: ExactNanos): number | undefined {
  const nanos = (numerator + denominator - 1n) / denominator;
  return nanos > Number.MAX_SAFE_INTEGER ? undefined : Number(nanos);
}
