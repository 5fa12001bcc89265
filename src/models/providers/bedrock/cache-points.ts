import type { CacheBreakpoint } from '../../../core/inference/content.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { ModelTraits } from './model-traits.ts';

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html */
const MOST = 4;

const UNCACHED = 'is left out: the model caches no prompts';
const NO_TOOLS = 'is left out of the tools, which Nova does not cache';
const NO_HOUR = 'is kept for five minutes, which is all that Nova has';

/** Where prefixes end that may be cached: a block of its own behind what it covers. */
export class CachePoints {
  readonly #translation: Translation;
  readonly #maker: ModelTraits['maker'];

  constructor(translation: Translation, maker: ModelTraits['maker']) {
    this.#translation = translation;
    this.#maker = maker;
  }

  /** Adds the point behind the last block, where there is one to cache. */
  mark(blocks: JsonObject[], cache: CacheBreakpoint | undefined, place: 'tools' | 'content' = 'content'): void {
    const last = blocks.at(-1);
    if (!cache || !last || isCachePoint(last)) return;
    const isNova = this.#maker === 'nova';
    if (this.#maker === 'other' || this.#maker === 'gpt-oss') this.#translation.lose('cache-breakpoint', UNCACHED);
    else if (isNova && place === 'tools') this.#translation.lose('cache-breakpoint', NO_TOOLS);
    else {
      if (isNova && cache.ttl === '1h') this.#translation.lose('cache-breakpoint', NO_HOUR);
      const ttl = cache.ttl === undefined || isNova ? {} : { ttl: cache.ttl };
      blocks.push({ cachePoint: { type: 'default', ...ttl } });
    }
  }

  /** The first one is shared by most requests, and the last ones cover all that comes before them. */
  limit(places: readonly JsonObject[][]): void {
    const count = places.flat().filter(isCachePoint).length;
    if (count <= MOST) return;
    this.#translation.lose('cache-breakpoint');
    let seen = 0;
    for (const blocks of places) {
      const kept = blocks.filter((block) => {
        if (!isCachePoint(block)) return true;
        seen += 1;
        return seen === 1 || seen > count - MOST + 1;
      });
      blocks.splice(0, blocks.length, ...kept);
    }
  }
}

export function isCachePoint(block: JsonObject): boolean {
  return isJsonObject(block['cachePoint']);
}
