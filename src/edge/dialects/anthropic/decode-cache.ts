import type { CacheBreakpoint } from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import type { Fields } from '../decoding/fields.ts';

/** The `cache_control` of whatever may carry one. */
export function readCache(
  fields: Fields,
  feature: Extract<Feature, 'cache-breakpoint' | 'auto-cache'> = 'cache-breakpoint',
): CacheBreakpoint | undefined {
  const cache = fields.object('cache_control');
  if (!cache) return undefined;
  cache.requiredOneOf('type', ['ephemeral']);
  const ttl = cache.oneOf('ttl', ['5m', '1h']);
  cache.close();
  fields.uses(feature, 'cache_control');
  return { ttl };
}
