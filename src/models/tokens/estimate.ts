import { FEATURES, type ScriptCounts, type ScriptFeature, countScripts } from './script-counts.ts';

/** Tokens for each of a feature. */
type Weights = Readonly<Record<ScriptFeature, number>>;

/**
 * Fitted by non-negative least squares of the relative error to what real tokenizers say of one half of a corpus
 * (English, Chinese, code, JSON, mathematics, 17 other languages) and tried on the other half; docs/tokens.md has the
 * errors. `common` is the mean of Qwen3's, DeepSeek-V3's and Llama 3's, for models whose tokenizer is not known.
 */
const WEIGHTS = {
  o200k: {
    words: 0.85,
    letters: 0.06,
    humps: 0.73,
    digits: 0.63,
    signRuns: 0.82,
    signs: 0.03,
    gaps: 0.1,
    accented: 0.07,
    symbols: 0.48,
    han: 0.77,
    wide: 1.68,
    kana: 0.7,
    hangul: 0.72,
    twoByte: 0.31,
    threeByte: 0.38,
    astral: 1.49,
  },
  qwen: {
    words: 0.7,
    letters: 0.09,
    humps: 0.24,
    digits: 1.21,
    signRuns: 0.84,
    signs: 0.02,
    gaps: 0.1,
    accented: 0.47,
    symbols: 0.63,
    han: 0.59,
    wide: 1.77,
    kana: 0.6,
    hangul: 0.85,
    twoByte: 0.38,
    threeByte: 1.02,
    astral: 0.91,
  },
  deepseek: {
    words: 0.88,
    letters: 0.05,
    humps: 0.9,
    digits: 0.67,
    signRuns: 0.83,
    signs: 0.08,
    gaps: 0.1,
    accented: 0.98,
    symbols: 0.32,
    han: 0.57,
    wide: 1.67,
    kana: 0.61,
    hangul: 0.88,
    twoByte: 0.35,
    threeByte: 0.59,
    astral: 1.55,
  },
  llama: {
    words: 0.75,
    letters: 0.08,
    humps: 0.37,
    digits: 0.66,
    signRuns: 0.85,
    signs: 0.01,
    gaps: 0.1,
    accented: 0.28,
    symbols: 0.49,
    han: 0.8,
    wide: 1.83,
    kana: 0.59,
    hangul: 0.76,
    twoByte: 0.37,
    threeByte: 0.65,
    astral: 1.97,
  },
  common: {
    words: 0.78,
    letters: 0.07,
    humps: 0.5,
    digits: 0.84,
    signRuns: 0.84,
    signs: 0.04,
    gaps: 0.1,
    accented: 0.58,
    symbols: 0.48,
    han: 0.65,
    wide: 1.75,
    kana: 0.6,
    hangul: 0.83,
    twoByte: 0.37,
    threeByte: 0.75,
    astral: 1.48,
  },
} as const satisfies Record<string, Weights>;

/** How a model cuts text: whose weights, and how many times as many tokens. */
interface Cut {
  readonly weights: readonly number[];
  readonly factor: number;
}

function cut(name: keyof typeof WEIGHTS, factor = 1): Cut {
  return { weights: FEATURES.map((feature) => WEIGHTS[name][feature]), factor };
}

/** Claude's tokenizers are not published; both factors are fitted to the usage of recorded answers. */
const CLAUDE = 1.2;

/**
 * From Opus 4.7 on the same text is more tokens; about 30 %, says Anthropic, and 40 % in the few recordings.
 * @see https://platform.claude.com/docs/en/models/sonnet-5-5/migration-guide (checked 2026-11-21)
 */
const CLAUDE_SINCE_4_7 = 1.4;

/** By the name of the model, whoever serves it; the first that fits. */
const CUTS: readonly (readonly [RegExp, Cut])[] = [
  [/claude-(opus-4-[0-6]|sonnet-4|haiku-4|opus-4(-2|$)|3)/, cut('common', CLAUDE)],
  [/claude/, cut('common', CLAUDE * CLAUDE_SINCE_4_7)],
  [/qwen|qwq/i, cut('qwen')],
  [/deepseek/i, cut('deepseek')],
  [/llama/i, cut('llama')],
  [/gpt-|^o\d/, cut('o200k')],
];

const COMMON = cut('common');

function cutOf(model: string): Cut {
  return CUTS.find(([names]) => names.test(model))?.[1] ?? COMMON;
}

/** About how many tokens counted text is. */
function estimateCounted(counts: ScriptCounts, model: string): number {
  const { weights, factor } = cutOf(model);
  let tokens = 0;
  for (const [at, weight] of weights.entries()) tokens += weight * (counts[at] ?? 0);
  return Math.ceil(tokens * factor);
}

/** About how many tokens a text is; 0 of none. */
export function estimateTokens(text: string, model: string): number {
  return estimateCounted(countScripts(text), model);
}

/** About what a tool call costs beside its name and arguments. */
const OUTPUT_TOOL_CALL = 12;
const CLAUDE_TOOL_CALL = 25;

/**
 * About how many output tokens an answer was, from its text, its reasoning and its tools' arguments together.
 * A stream is counted piece by piece: `countScripts(piece, counts)`, then this at its end.
 */
export function estimateOutputTokens(said: string | ScriptCounts, model: string, toolCalls = 0): number {
  const tokens = typeof said === 'string' ? estimateTokens(said, model) : estimateCounted(said, model);
  return tokens + toolCalls * (model.includes('claude') ? CLAUDE_TOOL_CALL : OUTPUT_TOOL_CALL);
}
