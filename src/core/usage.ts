import type { NanoUsd } from './money.ts';

/**
 * What a provider counts and bills, in the OpenTelemetry GenAI vocabulary where that has a name.
 *
 * An absent field was not reported, which is not the same as 0.
 * `inputTokens` includes cached, audio and image tokens; `outputTokens` includes reasoning, audio and image tokens.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/ (checked 2026-11-21)
 */
export interface UsageCounts {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheCreationInputTokens?: number;
  /** The part of `cacheCreationInputTokens` that was written with a lifetime of one hour. */
  readonly cacheCreation1hInputTokens?: number;
  readonly reasoningOutputTokens?: number;
  readonly audioInputTokens?: number;
  /** The part of `cacheReadInputTokens` that is audio. */
  readonly cacheReadAudioInputTokens?: number;
  readonly audioOutputTokens?: number;
  /** Images and video. */
  readonly imageInputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Text of cited pages; not part of `inputTokens`. */
  readonly citationTokens?: number;
  /** Tokens of a predicted output that were used or not; both are part of `outputTokens` and billed. */
  readonly acceptedPredictionTokens?: number;
  readonly rejectedPredictionTokens?: number;
  /** Web searches and page fetches that the provider ran. */
  readonly webSearchRequests?: number;
  readonly webFetchRequests?: number;
  /** What a reranker bills: at Cohere one query with up to 100 documents. */
  readonly searchUnits?: number;
  /** Seconds of audio that was heard, where it is billed by time. */
  readonly audioSeconds?: number;
  /** Characters that were spoken. */
  readonly characters?: number;
  /** Images that were made. */
  readonly images?: number;
}

/** How an answer was served, in the provider's own words, where the price depends on it. */
interface UsageTerms {
  /** `default`, `flex`, `priority`, `batch`. */
  readonly serviceTier?: string;
  /** Where it was computed: `us`, `global`. */
  readonly inferenceGeo?: string;
  /** Where the endpoint stands that was asked, as its prices name places: an AWS region, `regional`. */
  readonly region?: string;
  /** `fast`, `standard`. */
  readonly speed?: string;
  /** How much a built-in search read: `low`, `medium`, `high`. */
  readonly searchContext?: string;
}

/** One of several passes that an answer took, each billed on its own. */
export interface UsagePart extends UsageCounts {
  /** Absent where it is the model that was asked. */
  readonly model?: string;
}

/** Usage of one attempt. The counts are all that is billed, the parts' included. */
export interface Usage extends UsageCounts, UsageTerms {
  /** What the provider says that it charges. */
  readonly reportedCostNanoUsd?: NanoUsd;
  /** The provider charges nothing for it, whatever the counts: a refusal before any output. */
  readonly unbilled?: true;
  /** Present where passes are billed apart: each by its own model and length. */
  readonly parts?: readonly UsagePart[];
}

/** `reported` by the provider, or `assumed` by us because it reported none. */
export type UsageSource = 'reported' | 'assumed';

/** `reported` by the provider as what it charges, or `priced` by us from the usage. */
export type CostSource = 'reported' | 'priced';

const COUNTS = [
  'inputTokens',
  'outputTokens',
  'cacheReadInputTokens',
  'cacheCreationInputTokens',
  'cacheCreation1hInputTokens',
  'reasoningOutputTokens',
  'audioInputTokens',
  'cacheReadAudioInputTokens',
  'audioOutputTokens',
  'imageInputTokens',
  'imageOutputTokens',
  'citationTokens',
  'acceptedPredictionTokens',
  'rejectedPredictionTokens',
  'webSearchRequests',
  'webFetchRequests',
  'searchUnits',
  'audioSeconds',
  'characters',
  'images',
] as const satisfies readonly (keyof UsageCounts)[];

type MutableCounts = { -readonly [K in keyof UsageCounts]?: number };
type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** Sum of the counts; one that neither side reported stays absent, and so does what is true of one answer only. */
export function addUsage(a: UsageCounts, b: UsageCounts): UsageCounts {
  const sum: MutableCounts = {};
  for (const field of COUNTS) {
    const left = a[field];
    const right = b[field];
    if (left !== undefined || right !== undefined) sum[field] = (left ?? 0) + (right ?? 0);
  }
  return sum;
}

/** Later reports of the same attempt replace earlier ones, field by field. */
export function mergeUsage(earlier: Usage, later: Usage): Usage {
  return { ...earlier, ...later };
}

/** The counts alone. */
export function countsOf(usage: Usage): UsageCounts {
  return addUsage(usage, {});
}

/** Builds a Usage from optional facts, leaving out what is undefined. */
export function usageOf(facts: Optional<Usage>): Usage {
  const known: Record<string, unknown> = {};
  for (const name in facts) {
    const value = facts[name as keyof Usage];
    if (value !== undefined) known[name] = value;
  }
  return known;
}
