import type { NanoUsd } from '../../core/money.ts';
import { type ExactNanos, NOTHING, PriceSum, add, exactHours, exactSum, roundedUp, times } from './exact.ts';
import { type Most, mostOf } from './most-prices.ts';
import type { GpuPrice, Price, Variant, When } from './price.ts';
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
export function costBound(price: Price, use: BoundedUse, certain: CertainTerms = NOTHING_CERTAIN): NanoUsd | undefined {
  const { variants = NO_VARIANTS, gpu } = price;
  if (certain.region !== undefined && !knowsPlace(variants, certain.region)) return undefined;
  const most = mostOf(price, variants.length === 0 ? 0 : possibleOf(variants, use, certain));
  // Mostly all of it is one sum, of which a double holds each step.
  if (most.factors.length > 0 || gpu || most.fees.audioMinute > 0) return exactBound(price, most, use);
  const sum = new PriceSum();
  return addTokens(sum, most, use) && addFees(sum, most, use) ? sum.roundedUp : undefined;
}

const NO_VARIANTS: readonly Variant[] = [];
const NOTHING_CERTAIN: CertainTerms = {};

function exactBound({ gpu }: Price, most: Most, use: BoundedUse): NanoUsd | undefined {
  const [tokens, fees] = [new PriceSum(), new PriceSum()];
  const heard = heardBound(most.fees.audioMinute, use.audioSeconds);
  const machines = gpuBound(gpu, use.durationMs);
  if (!heard || !machines || !addTokens(tokens, most, use) || !addFees(fees, most, use)) return undefined;
  const priced = most.factors.reduce(times, tokens.perMillion);
  return roundedUp(add(add(priced, add(heard, fees.perMillion)), machines));
}

/** A row that names no place holds at all of a provider's endpoints. */
function knowsPlace(variants: readonly Variant[], region: string): boolean {
  const places = variants.flatMap(({ when: { geo } }) => geo ?? []);
  return places.length === 0 || places.includes(region) || ORDINARY.geo.has(region);
}

/** A bit for each. */
function possibleOf(variants: readonly Variant[], use: BoundedUse, certain: CertainTerms): number | readonly Variant[] {
  if (variants.length > MOST_BITS) return variants.filter(({ when }) => isPossible(when, use, certain));
  let bits = 0;
  for (let at = 0; at < variants.length; at += 1) {
    if (isPossible((variants[at] as Variant).when, use, certain)) bits |= 1 << at;
  }
  return bits;
}

const MOST_BITS = 30;

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

/** False where something is billed that nothing bounds. */
function addTokens(sum: PriceSum, most: Most, use: BoundedUse): boolean {
  const { mediaInput = true, audioOutput = true } = use;
  const read = mediaInput ? Math.max(most.text, most.heard) : most.text;
  const said = audioOutput ? Math.max(most.said, most.spoken) : most.said;
  return (
    addLine(sum, read, use.inputTokens) &&
    // Of a token that is cached and of audio or an image nobody may say that it is the same one, so that it counts as both.
    (!mediaInput || addLine(sum, most.media, use.inputTokens)) &&
    addLine(sum, said, use.outputTokens) &&
    addLine(sum, most.citation, use.citationTokens)
  );
}

/** Fees are for a thousand. */
const THOUSAND = 1000;

/** What has no known fee has no known cost either, so that it is in no bound. */
function addFees(sum: PriceSum, { fees }: Most, use: BoundedUse): boolean {
  if (!fees.areSome) return true;
  return (
    addLine(sum, fees.request, 1, THOUSAND) &&
    addLine(sum, fees.webSearch, use.webSearchRequests, THOUSAND) &&
    addLine(sum, fees.webFetch, use.webFetchRequests, THOUSAND) &&
    addLine(sum, fees.searchUnit, use.searchUnits, THOUSAND) &&
    addLine(sum, fees.character, use.characters, THOUSAND) &&
    addLine(sum, fees.image, use.images, THOUSAND)
  );
}

/** What is free needs no bound. */
function addLine(sum: PriceSum, usd: number, count: number | undefined, factor = 1): boolean {
  if (usd === 0) return true;
  if (count === undefined || count === Infinity) return false;
  sum.add(Math.ceil(count), usd, factor);
  return true;
}

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000n;

function heardBound(fee: number, audioSeconds: number | undefined): ExactNanos | undefined {
  if (fee === 0) return NOTHING;
  if (audioSeconds === undefined || audioSeconds === Infinity) return undefined;
  return exactSum([[Math.ceil(audioSeconds * MS_PER_SECOND), fee]], 1000n * MS_PER_MINUTE);
}

function gpuBound(gpu: GpuPrice | undefined, durationMs: number | undefined): ExactNanos | undefined {
  if (!gpu || gpu.hour === 0) return NOTHING;
  return durationMs === undefined ? undefined : exactHours(durationMs, gpu.hour, gpu.gpus ?? 1, gpu.concurrency ?? 1);
}
