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
  const { variants = [] } = price;
  const facts = factsOf(usage, circumstances);
  if (isUnheardOf(variants, usage, facts)) return undefined;
  const holding = variants.filter(({ when }) => holds(when, facts));
  if (holding.length === 0) return { rates: price, fees: price.fees ?? {}, factors: [] };
  // What is no rate goes along unread.
  const rates: Rates = Object.assign({}, price, ...holding);
  const fees: Fees = Object.assign({}, price.fees, ...holding.map((variant) => variant.fees));
  return { rates, fees, factors: holding.flatMap(({ factor }) => (factor === undefined ? [] : [factor])) };
}

type Facts = Required<{ [K in Exclude<keyof When, 'hours' | 'inputAbove'>]: When[K] | undefined }> & {
  readonly inputTokens: number;
  readonly sentAt: number | undefined;
};

function factsOf(usage: Usage, asked: Circumstances): Facts {
  const serviceTier = usage.serviceTier ?? asked.serviceTier;
  return {
    inputTokens: usage.inputTokens ?? 0,
    serviceTier,
    batch: asked.batch || serviceTier === 'batch' ? true : undefined,
    geo: usage.region ?? usage.inferenceGeo ?? asked.geo,
    speed: usage.speed ?? asked.speed,
    thinking: usage.reasoningOutputTokens ? true : undefined,
    searchContext: usage.searchContext ?? asked.searchContext,
    sentAt: asked.sentAt,
  };
}

/** Only what the provider reports counts: it may not have done what was asked. */
function isUnheardOf(variants: readonly Variant[], usage: Usage, facts: Facts): boolean {
  const names = (field: 'serviceTier' | 'geo' | 'speed', value: string | undefined): boolean =>
    value === undefined || ORDINARY[field].has(value) || variants.some(({ when }) => when[field] === value);
  if (facts.batch && !variants.some(({ when }) => when.batch)) return true;
  // A row that names no place holds at all of a provider's endpoints.
  if (variants.some(({ when }) => when.geo !== undefined) && !names('geo', usage.region)) return true;
  const tier = usage.serviceTier === 'batch' ? undefined : usage.serviceTier;
  return !names('serviceTier', tier) || !names('geo', usage.inferenceGeo) || !names('speed', usage.speed);
}

function holds(when: When, facts: Facts): boolean {
  const { inputAbove, hours, ...named } = when;
  if (inputAbove !== undefined && facts.inputTokens <= inputAbove) return false;
  if (hours && !isAmong(hours, facts.sentAt)) return false;
  return (Object.keys(named) as (keyof typeof named)[]).every((field) => named[field] === facts[field]);
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
