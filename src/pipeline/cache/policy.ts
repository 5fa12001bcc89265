import type { CachePolicy } from '../../core/caching.ts';
import type { ModelCacheSettings } from './settings.ts';

/** What the settings of a model turn on; undefined where that is nothing. */
export function cachePolicyOf(settings: ModelCacheSettings | undefined): CachePolicy | undefined {
  if (!settings?.enabled) return undefined;
  const { scope, exact, coalesce, semantic, tokensPerSecond } = settings;
  if (!exact && !coalesce && !semantic) return undefined;
  return {
    scope,
    exact: exact && { ...exact, maxTemperature: exact.maxTemperature },
    coalesce,
    semantic: semantic && { ...semantic, embedder: semantic.embedder ?? 'built-in', judge: semantic.judge },
    tokensPerSecond,
  };
}
