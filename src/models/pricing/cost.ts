import type { NanoUsd } from '../../core/money.ts';
import { type CostSource, type Usage, type UsagePart, usageOf } from '../../core/usage.ts';
import { type ExactNanos, NOTHING, PriceSum, add, exactHours, exactSum, rounded, times } from './exact.ts';
import type { Fees, GpuPrice, Price, Rates } from './price.ts';
import { type Circumstances, type Terms, termsOf } from './terms.ts';

export type { Circumstances } from './terms.ts';

export interface Cost {
  readonly nanoUsd: NanoUsd;
  readonly source: CostSource;
}

/** What an attempt costs: as the provider says, else by its price; undefined where neither tells. */
export function costOf(usage: Usage, price: Price | undefined, circumstances: Circumstances = {}): Cost | undefined {
  if (usage.reportedCostNanoUsd !== undefined) return { nanoUsd: usage.reportedCostNanoUsd, source: 'reported' };
  const nanoUsd = pricedCost(usage, price, circumstances);
  return nanoUsd === undefined ? undefined : { nanoUsd, source: 'priced' };
}

/**
 * What the usage costs by a price, whatever the provider says that it charges: for comparisons, and where it says
 * nothing. Rounded once; undefined where the usage, or what the row knows, does not say enough to tell.
 */
export function pricedCost(
  usage: Usage,
  price: Price | undefined,
  circumstances: Circumstances = {},
): NanoUsd | undefined {
  if (usage.unbilled) return 0;
  if (!price) return undefined;
  const terms = termsOf(price, usage, circumstances);
  if (!terms) return undefined;
  const { rates, fees, factors } = terms;
  // Mostly all of it is one sum, of which a double holds each step.
  if (usage.parts || factors.length > 0 || price.gpu || fees.audioMinute) {
    return exactCost(usage, price, terms, circumstances);
  }
  const sum = new PriceSum();
  return addTokens(sum, usage, rates) && addFees(sum, usage, fees) ? sum.rounded : undefined;
}

function exactCost(usage: Usage, price: Price, terms: Terms, circumstances: Circumstances): NanoUsd | undefined {
  const { fees } = terms;
  const tokens = usage.parts ? partsCost(usage, usage.parts, price, circumstances) : tokenCost(usage, terms);
  const billed = new PriceSum();
  const heard = heardCost(usage, fees);
  const machines = gpuCost(price.gpu, circumstances.durationMs);
  if (!tokens || !heard || !machines || !addFees(billed, usage, fees)) return undefined;
  return rounded(add(add(add(tokens, billed.perMillion), heard), machines));
}

/** Each part by its own model and length; how it was served is said of the whole answer. */
function partsCost(
  usage: Usage,
  parts: readonly UsagePart[],
  price: Price,
  circumstances: Circumstances,
): ExactNanos | undefined {
  const { serviceTier, inferenceGeo, region, speed } = usage;
  let sum: ExactNanos | undefined = NOTHING;
  for (const { model, ...counts } of parts) {
    const own = model === undefined ? price : circumstances.priceOf?.(model);
    const part = { ...counts, ...usageOf({ serviceTier, inferenceGeo, region, speed }) };
    const terms = own && termsOf(own, part, circumstances);
    const cost = terms && tokenCost(part, terms);
    sum = cost && sum && add(sum, cost);
  }
  return sum;
}

function tokenCost(usage: Usage, { rates, factors }: Terms): ExactNanos | undefined {
  const sum = new PriceSum();
  return addTokens(sum, usage, rates) ? factors.reduce(times, sum.perMillion) : undefined;
}

/** False where the usage does not say enough. */
function addTokens(sum: PriceSum, usage: Usage, rates: Rates): boolean {
  // Only what costs nothing may go unreported: embeddings have no output.
  if (usage.inputTokens === undefined && rates.input !== 0) return false;
  if (usage.outputTokens === undefined && rates.output !== 0) return false;
  addInput(sum, usage, rates);
  addOutput(sum, usage, rates);
  return true;
}

/** Every input token once. Kinds without a rate of their own stay among those that they are part of. */
function addInput(sum: PriceSum, usage: Usage, rates: Rates): void {
  const { input, cacheRead = input, cacheWrite = input, cacheWrite1h = cacheWrite, audioCacheRead = cacheRead } = rates;
  const read = usage.cacheReadInputTokens ?? 0;
  const readAudio = Math.min(usage.cacheReadAudioInputTokens ?? 0, read);
  const written = usage.cacheCreationInputTokens ?? 0;
  const written1h = Math.min(usage.cacheCreation1hInputTokens ?? 0, written);
  const audio = rates.audioInput === undefined ? 0 : Math.max(0, (usage.audioInputTokens ?? 0) - readAudio);
  const image = rates.imageInput === undefined ? 0 : (usage.imageInputTokens ?? 0);
  sum.add(Math.max(0, (usage.inputTokens ?? 0) - read - written - audio - image), input);
  if (read !== 0) {
    sum.add(read - readAudio, cacheRead);
    sum.add(readAudio, audioCacheRead);
  }
  if (written !== 0) {
    sum.add(written - written1h, cacheWrite);
    sum.add(written1h, cacheWrite1h);
  }
  if (audio !== 0) sum.add(audio, rates.audioInput ?? 0);
  if (image !== 0) sum.add(image, rates.imageInput ?? 0);
  if (usage.citationTokens) sum.add(usage.citationTokens, rates.citation ?? 0);
}

function addOutput(sum: PriceSum, usage: Usage, rates: Rates): void {
  const reasoning = rates.reasoning === undefined ? 0 : (usage.reasoningOutputTokens ?? 0);
  const audio = rates.audioOutput === undefined ? 0 : (usage.audioOutputTokens ?? 0);
  const image = rates.imageOutput === undefined ? 0 : (usage.imageOutputTokens ?? 0);
  sum.add(Math.max(0, (usage.outputTokens ?? 0) - reasoning - audio - image), rates.output);
  if (reasoning !== 0) sum.add(reasoning, rates.reasoning ?? 0);
  if (audio !== 0) sum.add(audio, rates.audioOutput ?? 0);
  if (image !== 0) sum.add(image, rates.imageOutput ?? 0);
}

/** Fees are for a thousand. */
const THOUSAND = 1000;

/** False where something is billed that was not counted, or searches were made without a known fee: neither is free. */
function addFees(sum: PriceSum, usage: Usage, fees: Fees): boolean {
  const searches = usage.webSearchRequests ?? 0;
  if (searches > 0 && fees.webSearch === undefined) return false;
  if (fees.request) sum.add(1, fees.request, THOUSAND);
  if (fees.webSearch && searches !== 0) sum.add(searches, fees.webSearch, THOUSAND);
  if (fees.webFetch && usage.webFetchRequests) sum.add(usage.webFetchRequests, fees.webFetch, THOUSAND);
  return (
    addCounted(sum, fees.searchUnit, usage.searchUnits) &&
    addCounted(sum, fees.character, usage.characters) &&
    addCounted(sum, fees.image, usage.images)
  );
}

function addCounted(sum: PriceSum, fee: number | undefined, count: number | undefined): boolean {
  if (!fee) return true;
  if (count === undefined) return false;
  sum.add(count, fee, THOUSAND);
  return true;
}

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000n;

function heardCost({ audioSeconds }: Usage, { audioMinute: fee }: Fees): ExactNanos | undefined {
  if (!fee) return NOTHING;
  return audioSeconds === undefined
    ? undefined
    : exactSum([[audioSeconds * MS_PER_SECOND, fee]], 1000n * MS_PER_MINUTE);
}

function gpuCost(gpu: GpuPrice | undefined, durationMs: number | undefined): ExactNanos | undefined {
  if (!gpu) return NOTHING;
  return durationMs === undefined ? undefined : exactHours(durationMs, gpu.hour, gpu.gpus ?? 1, gpu.concurrency ?? 1);
}
