import type { PromptCachePolicy } from '../../core/caching.ts';
import type { PromptCacheSettings } from './settings.ts';

const USUAL: PromptCachePolicy = { breakpoints: true, ttl: '5m', sticky: true };

/** What is done for a model; undefined where all of it is turned off. */
export function promptCachePolicyOf(settings: PromptCacheSettings | undefined): PromptCachePolicy | undefined {
  if (!settings) return USUAL;
  return settings.breakpoints || settings.sticky ? settings : undefined;
}
