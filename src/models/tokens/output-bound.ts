import type { BoundTarget } from './upper-bound.ts';

/** What a request says of the length of its answer. */
export interface AnswerLimits {
  /** `max_completion_tokens`, `max_tokens`. */
  readonly maxOutputTokens: number | undefined;
  /** `n`. */
  readonly choices?: number;
  /** `prediction`: rejected tokens of it are billed as output beside the answer. In bytes. */
  readonly predictionBytes?: number;
}

/**
 * A number of output tokens, reasoning included, that the request cannot exceed; undefined where there is none.
 * An answer is part of the context, so that bounds it too where nothing else does.
 */
export function outputUpperBound(limits: AnswerLimits, target: BoundTarget): number | undefined {
  const { maxOutputTokens, choices = 1, predictionBytes = 0 } = limits;
  const { capabilities } = target;
  const ownLimit = isLimitWhole(target) ? maxOutputTokens : undefined;
  const modelLimit = isLimitWhole(target) ? capabilities?.outputTokens : undefined;
  const most = Math.min(ownLimit ?? Infinity, modelLimit ?? Infinity, capabilities?.contextTokens ?? Infinity);
  return most === Infinity ? undefined : most * choices + predictionBytes;
}

/**
 * Families whose limits hold for the answer alone, and not for what the model thinks before it, or of which that is not
 * known. DashScope says so of `max_tokens`; xAI's `completion_tokens` leave reasoning out.
 * @see https://www.alibabacloud.com/help/en/model-studio/qwen-api-reference (checked 2026-11-21)
 */
const LIMIT_WITHOUT_REASONING: ReadonlySet<string> = new Set([
  'ark',
  'dashscope',
  'openrouter',
  'perplexity',
  'xai',
  'zhipu',
]);

function isLimitWhole({ family, capabilities }: BoundTarget): boolean {
  return !LIMIT_WITHOUT_REASONING.has(family) || capabilities?.reasoning === false;
}
