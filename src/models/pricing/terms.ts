import type { Usage } from '../../core/usage.ts';
import type { Fees, Hours, Price, Rates, Variant, When } from './price.ts';

/** What is known of a call beside its usage. What the answer reports wins over what was asked for. */
export interface Circumstances {
  /** Sent through the provider's batch API. */
  readonly batch?: boolean | undefined;
  /** Milliseconds from sending it to its end, for machines of one's own. */
  readonly durationMs?: number | undefined;
  /** When it was sent, milliseconds since the epoch. */
  readonly sentAt?: number | undefined;
  /** As the request asked. */
  readonly serviceTier?: string | undefined;
  readonly geo?: string | undefined;
  readonly speed?: string | undefined;
  readonly searchContext?: string | undefined;
  /** The price of another model of the same provider, for answers in which several had a part. */
  readonly priceOf?: ((model: string) => Price | undefined) | undefined;
}

/** The rates and fees that hold for one call. */
export interface Terms {
  readonly rates: Rates;
  /** They multiply what the rates make. */
  readonly factors: readonly number[];
  readonly fees: Fees;
}

/** Names by which providers mean the list price. */
export const ORDINARY: Readonly<Record<'serviceTier' | 'geo' | 'speed', ReadonlySet<string>>> = {
  serviceTier: new Set(['default', 'standard', 'standard_only', 'auto', 'on_demand']),
  geo: new Set(['global', 'not_available']),
  speed: new Set(['standard']),
};

/**
 * Applies the variants that hold. Undefined where the answer was served on terms that the row does not know
 * (a tier, a place, a speed, a batch): the list price would be wrong then, so the cost is unknown.
 */
export function termsOf(price: Price, usage: Usage, circumstances: Circumstances): Terms | undefined {
  const { variants = NO_VARIANTS, fees = NO_FEES } = price;
  const isBatch = circumstances.batch === true || (usage.serviceTier ?? circumstances.serviceTier) === 'batch';
  if (isUnheardOf(variants, usage, isBatch)) return undefined;
  const holding = variants.length === 0 ? NO_VARIANTS : holdingOf(variants, usage, circumstances, isBatch);
  if (holding.length === 0) return { rates: price, fees, factors: NO_FACTORS };
  // What is no rate goes along unread.
  return {
    rates: Object.assign({}, price, ...holding),
    fees: Object.assign({}, price.fees, ...holding.map((variant) => variant.fees)),
    factors: holding.flatMap(({ factor }) => (factor === undefined ? [] : [factor])),
  };
}

const NO_VARIANTS: readonly Variant[] = [];
const NO_FACTORS: readonly number[] = [];
const NO_FEES: Fees = {};

type Facts = Required<{ [K in Exclude<keyof When, 'hours' | 'inputAbove'>]: When[K] | undefined }> & {
  readonly inputTokens: number;
  readonly sentAt: number | undefined;
};

function holdingOf(
  variants: readonly Variant[],
  usage: Usage,
  asked: Circumstances,
  isBatch: boolean,
): readonly Variant[] {
  const facts: Facts = {
    inputTokens: usage.inputTokens ?? 0,
    serviceTier: usage.serviceTier ?? asked.serviceTier,
    batch: isBatch ? true : undefined,
    geo: usage.region ?? usage.inferenceGeo ?? asked.geo,
    speed: usage.speed ?? asked.speed,
    thinking: usage.reasoningOutputTokens ? true : undefined,
    searchContext: usage.searchContext ?? asked.searchContext,
    sentAt: asked.sentAt,
  };
  let holding: Variant[] | undefined;
  for (const variant of variants) if (holds(variant.when, facts)) (holding ??= []).push(variant);
  return holding ?? NO_VARIANTS;
}

/** Only what the provider reports counts: it may not have done what was asked. */
function isUnheardOf(variants: readonly Variant[], usage: Usage, isBatch: boolean): boolean {
  const { serviceTier, inferenceGeo, region, speed } = usage;
  if (isBatch && !variants.some(({ when }) => when.batch)) return true;
  // A row that names no place holds at all of a provider's endpoints.
  if (region !== undefined && variants.some(({ when }) => when.geo !== undefined) && !names(variants, 'geo', region)) {
    return true;
  }
  if (serviceTier !== undefined && serviceTier !== 'batch' && !names(variants, 'serviceTier', serviceTier)) return true;
  if (inferenceGeo !== undefined && !names(variants, 'geo', inferenceGeo)) return true;
  return speed !== undefined && !names(variants, 'speed', speed);
}

function names(variants: readonly Variant[], field: 'serviceTier' | 'geo' | 'speed', value: string): boolean {
  return ORDINARY[field].has(value) || variants.some(({ when }) => when[field] === value);
}

/** Where all of what it names does. */
function holds(when: When, facts: Facts): boolean {
  const { inputAbove, hours, serviceTier, batch, geo, speed, thinking, searchContext } = when;
  if (serviceTier !== undefined && serviceTier !== facts.serviceTier) return false;
  if (batch !== undefined && batch !== facts.batch) return false;
  if (inputAbove !== undefined && facts.inputTokens <= inputAbove) return false;
  if (geo !== undefined && geo !== facts.geo) return false;
  if (speed !== undefined && speed !== facts.speed) return false;
  if (thinking !== undefined && thinking !== facts.thinking) return false;
  if (searchContext !== undefined && searchContext !== facts.searchContext) return false;
  return !hours || isAmong(hours, facts.sentAt);
}

const HOUR_MS = 3_600_000;

function isAmong({ spans, utcOffset = 0, weekdays, except }: Hours, sentAt: number | undefined): boolean {
  if (sentAt === undefined) return false;
  // UTC's reading of the shifted time is what the provider's clock shows.
  const there = new Date(sentAt + utcOffset * HOUR_MS);
  const hour = there.getUTCHours() + there.getUTCMinutes() / 60;
  if (weekdays && !weekdays.includes(there.getUTCDay() || 7)) return false;
  if (except?.includes(there.toISOString().slice(0, 10))) return false;
  return spans.some(([from, to]) => hour >= from && hour < to);
}
