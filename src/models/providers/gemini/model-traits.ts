import type { Effort } from '../../../core/inference/request.ts';

/** What a model's name tells of it. Names are open-ended, so one that is not known to be older is taken for new. */
export interface ModelTraits {
  /** From 3 on a model has to see its proofs again, and takes JSON beside tools and media in results. */
  readonly generation: 'before-2.5' | '2.5' | 'from-3';
  /** Levels of thinking, from the least on; empty where it is told in tokens, or not at all. */
  readonly levels: readonly Effort[];
  /** Tokens to think with; undefined where it is told by a level, or not at all. */
  readonly budget: { readonly least: number; readonly most: number } | undefined;
}

const BEFORE: ModelTraits = { generation: 'before-2.5', levels: [], budget: undefined };

/** @see https://ai.google.dev/gemini-api/docs/thinking (read in the model catalog of @ai-sdk/google 4.0.121, checked 2026-11-21) */
export function traitsOf(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  if (!name.startsWith('gemini-') || isOld(name)) return BEFORE;
  if (name.startsWith('gemini-2.5')) return { generation: '2.5', levels: [], budget: budgetOf(name) };
  // The model of images of this generation is still told in tokens.
  if (name.startsWith('gemini-3-pro-image')) {
    return { generation: 'from-3', levels: [], budget: { least: 0, most: MOST_OF_PRO } };
  }
  return { generation: 'from-3', levels: levelsOf(name), budget: undefined };
}

function isOld(name: string): boolean {
  return /^gemini-(?:1|2\.0|pro$|pro-vision|exp-)/.test(name) || name.startsWith('gemini-robotics-er-1.5');
}

const MOST_OF_PRO = 32_768;
const MOST_OF_FLASH = 24_576;
/** Of a model that always thinks. */
const LEAST_OF_PRO = 128;

function budgetOf(name: string): { readonly least: number; readonly most: number } {
  return name.startsWith('gemini-2.5-pro')
    ? { least: LEAST_OF_PRO, most: MOST_OF_PRO }
    : { least: 0, most: MOST_OF_FLASH };
}

/** Pro models, and Flash from 3.7 on, have no `minimal`. */
function levelsOf(name: string): readonly Effort[] {
  const isPro = /^gemini-(?:\d+(?:\.\d+)?-)?pro(?:$|-)/.test(name) || name.startsWith('gemini-4-hydrogen');
  const [, major = 0, minor = 0] = /^gemini-(\d+)\.(\d+)-flash(?:$|-(?!lite))/.exec(name)?.map(Number) ?? [];
  const isLaterFlash = major > 3 || (major === 3 && minor >= 7) || name === 'gemini-flash-latest';
  return isPro || isLaterFlash ? ['low', 'medium', 'high'] : ['minimal', 'low', 'medium', 'high'];
}
