import { type BodyPatch, patchBytes } from '../../../core/body-patch.ts';
import type { PromptCacheHints } from '../../../core/caching.ts';
import type { Call } from '../../../core/call.ts';
import type { RequestPlan } from '../provider.ts';

/**
 * The request with a name of its prefix, by which OpenAI brings together requests that share one; the client's own name
 * stays.
 * @see https://platform.openai.com/docs/guides/prompt-caching (checked 2026-11-21)
 */
export function withPromptCacheKey(plan: RequestPlan, call: Call, hints: PromptCacheHints | undefined): RequestPlan {
  const { request, patches, translation } = plan;
  const key = hints?.key;
  if (key === undefined || call.operation !== 'chat' || !request.body || isNamed(call, translation)) return plan;
  const patch: BodyPatch = { op: 'set', path: '/prompt_cache_key', value: key };
  const body = patchBytes(Buffer.from(request.body.buffer, request.body.byteOffset, request.body.length), [patch]);
  return { ...plan, request: { ...request, body }, patches: translation ? patches : [...patches, patch] };
}

function isNamed(call: Call, translation: RequestPlan['translation']): boolean {
  if (translation) return call.inference.promptCacheKey !== undefined;
  const { prompt_cache_key: own } = call.body.resolved;
  return own !== undefined && own !== null;
}
