import type { NanoUsd } from '../../core/money.ts';
import { type CostSource, type Usage, type UsagePart, usageOf } from '../../core/usage.ts';
import { type ExactNanos, NOTHING, add, exactHours, exactSum, rounded, times } from './exact.ts';
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
  const tokens = usage.parts ? partsCost(usage, usage.parts, price, circumstances) : tokenCost(usage, terms);
  const fees = feesCost(usage, terms.fees);
  const machines = gpuCost(price.gpu, circumstances.durationMs);
  return tokens && fees && machines && rounded(add(add(tokens, fees), machines));
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
  // Only what costs nothing may go unreported: embeddings have no output.
  if (usage.inputTokens === undefined && rates.input !== 0) return undefined;
  if (usage.outputTokens === undefined && rates.output !== 0) return undefined;
  const sum = exactSum([...inputLines(usage, rates), ...outputLines(usage, rates)], 1_000_000n);
  return factors.reduce(times, sum);
}

type Line = readonly [count: number, usd: number];

/** Every input token once. Kinds without a rate of their own stay among those that they are part of. */
function inputLines(usage: Usage, rates: Rates): Line[] {
  const { input, cacheRead = input, cacheWrite = input, cacheWrite1h = cacheWrite, audioCacheRead = cacheRead } = rates;
  const read = usage.cacheReadInputTokens ?? 0;
  const readAudio = Math.min(usage.cacheReadAudioInputTokens ?? 0, read);
  const written = usage.cacheCreationInputTokens ?? 0;
  const written1h = Math.min(usage.cacheCreation1hInputTokens ?? 0, written);
  const audio = rates.audioInput === undefined ? 0 : Math.max(0, (usage.audioInputTokens ?? 0) - readAudio);
  const image = rates.imageInput === undefined ? 0 : (usage.imageInputTokens ?? 0);
  return [
    [Math.max(0, (usage.inputTokens ?? 0) - read - written - audio - image), input],
    [read - readAudio, cacheRead],
    [readAudio, audioCacheRead],
    [written - written1h, cacheWrite],
    [written1h, cacheWrite1h],
    [audio, rates.audioInput ?? 0],
    [image, rates.imageInput ?? 0],
    [usage.citationTokens ?? 0, rates.citation ?? 0],
  ];
}

function outputLines(usage: Usage, rates: Rates): Line[] {
  const reasoning = rates.reasoning === undefined ? 0 : (usage.reasoningOutputTokens ?? 0);
  const audio = rates.audioOutput === undefined ? 0 : (usage.audioOutputTokens ?? 0);
  const image = rates.imageOutput === undefined ? 0 : (usage.imageOutputTokens ?? 0);
  return [
    [Math.max(0, (usage.outputTokens ?? 0) - reasoning - audio - image), rates.output],
    [reasoning, rates.reasoning ?? 0],
    [audio, rates.audioOutput ?? 0],
    [image, rates.imageOutput ?? 0],
  ];
}

/** Searches without a known fee are not free. */
function feesCost(usage: Usage, fees: Fees): ExactNanos | undefined {
  const searches = usage.webSearchRequests ?? 0;
  if (searches > 0 && fees.webSearch === undefined) return undefined;
  const media = mediaCost(usage, fees);
  const ranked = feeLine(fees.searchUnit, usage.searchUnits);
  if (!media || !ranked) return undefined;
  const lines: Line[] = [
    [1, fees.request ?? 0],
    [searches, fees.webSearch ?? 0],
    [usage.webFetchRequests ?? 0, fees.webFetch ?? 0],
    ranked,
  ];
  return add(exactSum(lines, 1000n), media);
}

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000n;

/** What is billed by time or number and was not counted is not free. */
function mediaCost({ audioSeconds, characters, images }: Usage, fees: Fees): ExactNanos | undefined {
  const heard = feeLine(fees.audioMinute, audioSeconds === undefined ? undefined : audioSeconds * MS_PER_SECOND);
  const spoken = feeLine(fees.character, characters);
  const made = feeLine(fees.image, images);
  if (!heard || !spoken || !made) return undefined;
  return add(exactSum([heard], 1000n * MS_PER_MINUTE), exactSum([spoken, made], 1000n));
}

function feeLine(fee: number | undefined, count: number | undefined): Line | undefined {
  if (!fee) return [0, 0];
  return count === undefined ? undefined : [count, fee];
}

function gpuCost(gpu: GpuPrice | undefined, durationMs: number | undefined): ExactNanos | undefined {
  if (!gpu) return NOTHING;
  return durationMs === undefined ? undefined : exactHours(durationMs, gpu.hour, gpu.gpus ?? 1, gpu.concurrency ?? 1);
}
