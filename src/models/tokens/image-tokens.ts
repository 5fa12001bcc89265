import type { ImageSize } from './image-size.ts';

/**
 * How OpenAI's models count an image: tiles of 512 pixels, or patches of 32.
 * @see https://platform.openai.com/docs/guides/images-vision#calculating-costs (checked 2026-11-21)
 */
type Counting =
  | { readonly by: 'tiles'; readonly base: number; readonly tile: number }
  | { readonly by: 'patches'; readonly factor: number; readonly high: number; readonly original?: number };

/** In this order; the first that fits. Where a page names no factor for a model, 1. */
const OPENAI: readonly (readonly [RegExp, Counting])[] = [
  [/^gpt-4o-mini/, { by: 'tiles', base: 2833, tile: 5667 }],
  [/^gpt-4\.1-mini|^gpt-5-mini/, { by: 'patches', factor: 1.62, high: 1536 }],
  [/^gpt-4\.1-nano|^gpt-5-nano/, { by: 'patches', factor: 2.46, high: 1536 }],
  [/^o4-mini/, { by: 'patches', factor: 1.72, high: 1536 }],
  [/^gpt-5\.[23]/, { by: 'patches', factor: 1, high: 1536 }],
  [/^gpt-5(\.1)?(-|$)/, { by: 'tiles', base: 70, tile: 140 }],
  [/^o[13]/, { by: 'tiles', base: 75, tile: 150 }],
  [/^gpt-4|^chatgpt-4o/, { by: 'tiles', base: 85, tile: 170 }],
  [/^gpt-[5-9]/, { by: 'patches', factor: 1, high: 2500, original: 10_000 }],
];

/** Claude's images are patches of 28 pixels. @see https://platform.claude.com/docs/en/build-with-claude/vision (checked 2026-11-21) */
const CLAUDE_PATCH = 28;
const CLAUDE_STANDARD = { edge: 1568, tokens: 1568 };
const CLAUDE_HIGH = { edge: 2576, tokens: 4784 };

/** Models before Opus 4.7 see the smaller size. */
const CLAUDE_BEFORE_4_7 = /claude-(3|opus-4(-[0-6](-|$)|-2|$)|sonnet-4|haiku-4)/;

/** An image whose size is not in the request is taken to be about this large. */
const USUAL: ImageSize = { width: 1024, height: 1024 };

/** The tokens of an image, by what the provider says of them; undefined where it says nothing. */
export function imageTokens(
  family: string,
  model: string,
  image: { readonly size: ImageSize | undefined; readonly detail: string | undefined },
): number | undefined {
  const size = image.size ?? USUAL;
  if (model.includes('claude'))
    return claudeTokens(size, CLAUDE_BEFORE_4_7.test(model) ? CLAUDE_STANDARD : CLAUDE_HIGH);
  if (family !== 'openai') return undefined;
  const counting = OPENAI.find(([names]) => names.test(model))?.[1];
  if (!counting) return undefined;
  return counting.by === 'tiles' ? tileTokens(counting, size, image.detail) : patchTokens(counting, size, image.detail);
}

function tileTokens({ base, tile }: Counting & { by: 'tiles' }, size: ImageSize, detail: string | undefined): number {
  if (detail === 'low') return base;
  const fitted = scaled(size, Math.min(1, 2048 / Math.max(size.width, size.height)));
  const { width, height } = scaled(fitted, Math.min(1, 768 / Math.min(fitted.width, fitted.height)));
  return base + tile * Math.ceil(width / 512) * Math.ceil(height / 512);
}

function patchTokens(counting: Counting & { by: 'patches' }, size: ImageSize, detail: string | undefined): number {
  const isOriginal = detail === 'original' && counting.original !== undefined;
  const budget = isOriginal ? (counting.original ?? counting.high) : counting.high;
  const edge = isOriginal ? 6000 : 2048;
  const fitted = scaled(size, Math.min(1, edge / Math.max(size.width, size.height)));
  return Math.ceil(Math.min(budget, patchesWithin(fitted, budget)) * counting.factor);
}

const PATCH = 32;

function patches({ width, height }: ImageSize): number {
  return Math.ceil(width / PATCH) * Math.ceil(height / PATCH);
}

/** Scales down until the patches are within the budget, as the provider's page does it step by step. */
function patchesWithin(size: ImageSize, budget: number): number {
  if (patches(size) <= budget) return patches(size);
  const { width, height } = size;
  const shrink = Math.sqrt((PATCH * PATCH * budget) / (width * height));
  const across = (width * shrink) / PATCH;
  const down = (height * shrink) / PATCH;
  const adjusted = shrink * Math.min(Math.floor(across) / across, Math.floor(down) / down);
  return patches({ width: Math.floor(width * adjusted), height: Math.floor(height * adjusted) });
}

function claudeTokens(size: ImageSize, { edge, tokens }: typeof CLAUDE_STANDARD): number {
  const fitted = scaled(size, Math.min(1, edge / Math.max(size.width, size.height)));
  return Math.min(tokens, Math.ceil(fitted.width / CLAUDE_PATCH) * Math.ceil(fitted.height / CLAUDE_PATCH));
}

function scaled({ width, height }: ImageSize, factor: number): ImageSize {
  return factor === 1 ? { width, height } : { width: width * factor, height: height * factor };
}

/** The largest factor that is documented, for models of which none is. */
const LARGEST_FACTOR = 2.46;
/** After the two steps of scaling an image is at most 2048 by 768 pixels: four tiles by two. */
const MOST_TILES = 8;
const LARGEST_TILED = 2833 + 5667 * MOST_TILES;

/** What no image of a request to this model costs more than; undefined where the provider says no limit. */
export function imageUpperBound(family: string, model: string): number | undefined {
  if (family === 'anthropic') return CLAUDE_BEFORE_4_7.test(model) ? 1600 : CLAUDE_HIGH.tokens;
  if (family !== 'openai') return undefined;
  const counting = OPENAI.find(([names]) => names.test(model))?.[1];
  if (!counting) return LARGEST_TILED;
  if (counting.by === 'tiles') return counting.base + counting.tile * MOST_TILES;
  return Math.ceil((counting.original ?? counting.high) * Math.max(counting.factor, LARGEST_FACTOR));
}
