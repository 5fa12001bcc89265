import type { BoundTarget } from './upper-bound.ts';

/** What a request says of the length of its answer. */
export interface AnswerLimits {
  /** `max_completion_tokens`, `max_tokens`. */
  readonly maxOutputTokens: number | undefined;
  /** `n`. */
  readonly choices?: number;
  /** `prediction`: rejected tokens of it are billed as output beside the answer. In bytes. */
  readonly predictionBytes?: number;
  /** The target is not known to keep to a limit of the request, nor would it keep to another one. */
  readonly isUnkept?: boolean;
  /** Neither the request's limit nor the model's own holds: the answer may go on to the end of the context. */
  readonly onlyContext?: boolean;
}

/**
 * A number of output tokens, reasoning included, that the request cannot exceed; undefined where there is none.
 * An answer is part of the context, so that bounds it too where nothing else does.
 */
export function outputUpperBound(limits: AnswerLimits, target: BoundTarget): number | undefined {
  const { choices = 1, predictionBytes = 0 } = limits;
  const most = longestAnswer(limits, target);
  return most === undefined || choices === Infinity ? undefined : most * choices + predictionBytes;
}

/** The same of one answer. */
export function longestAnswer(limits: AnswerLimits, target: BoundTarget): number | undefined {
  const { maxOutputTokens, onlyContext = false } = limits;
  const { capabilities } = target;
  const isWhole = !onlyContext && isLimitWhole(target);
  const ownLimit = isWhole ? maxOutputTokens : undefined;
  const modelLimit = isWhole ? capabilities?.outputTokens : undefined;
  const most = Math.min(ownLimit ?? Infinity, modelLimit ?? Infinity, capabilities?.contextTokens ?? Infinity);
  return most === Infinity ? undefined : most;
}

/**
 * Families whose limits hold for the answer alone, and not for what the model thinks before it, or of which that is not
 * known. DashScope says so of `max_tokens`; xAI's `completion_tokens` leave reasoning out.
 * @see https://www.alibabacloud.com/help/en/model-studio/qwen-api-reference (checked 2026-11-21)
 */
const LIMIT_WITHOUT_REASONING: ReadonlySet<string> = new Set([
  'ark',
  'dashscope',
  'dashscope-intl',
  'openrouter',
  'perplexity',
  'xai',
  'zai',
  'zhipu',
]);

function isLimitWhole({ family, capabilities }: BoundTarget): boolean {
  return !LIMIT_WITHOUT_REASONING.has(family) || capabilities?.reasoning === false;
}
