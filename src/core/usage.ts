/**
 * Tokens of one attempt, in the OpenTelemetry GenAI vocabulary.
 *
 * An absent field was not reported, which is not the same as 0.
 * `inputTokens` includes cached tokens; `outputTokens` includes reasoning tokens.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/ (checked 2026-11-21)
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheCreationInputTokens?: number;
  /** The part of `cacheCreationInputTokens` that was written with a lifetime of one hour. */
  readonly cacheCreation1hInputTokens?: number;
  readonly reasoningOutputTokens?: number;
}

/** `reported` by the provider, or `assumed` by us because it reported none. */
export type UsageSource = 'reported' | 'assumed';

const FIELDS = [
  'inputTokens',
  'outputTokens',
  'cacheReadInputTokens',
  'cacheCreationInputTokens',
  'cacheCreation1hInputTokens',
  'reasoningOutputTokens',
] as const satisfies readonly (keyof Usage)[];

type MutableUsage = { -readonly [K in keyof Usage]?: number };

/** Field-wise sum; a field that neither side reported stays absent. */
export function addUsage(a: Usage, b: Usage): Usage {
  const sum: MutableUsage = {};
  for (const field of FIELDS) {
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

/** Builds a Usage from optional counts, leaving out what is undefined. */
export function usageOf(counts: { [K in keyof Usage]: number | undefined }): Usage {
  const usage: MutableUsage = {};
  for (const field of FIELDS) {
    const value = counts[field];
    if (value !== undefined) usage[field] = value;
  }
  return usage;
}
