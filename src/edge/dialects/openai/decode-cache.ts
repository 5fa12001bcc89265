import type { AssistantPart, CacheBreakpoint, UserPart } from '../../../core/inference/content.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LEFT_OUT } from './left-out.ts';

/**
 * A cache breakpoint: OpenAI's `prompt_cache_breakpoint`, or the `cache_control` that clients of this API send to
 * Anthropic's models through gateways. It takes its lifetime from the latter.
 * @see https://platform.openai.com/docs/guides/prompt-caching (checked 2026-11-21)
 */
export function readCache(fields: Fields): CacheBreakpoint | undefined {
  const control = readControl(fields);
  const breakpoint = fields.object('prompt_cache_breakpoint');
  if (breakpoint) {
    breakpoint.requiredOneOf('mode', ['explicit']);
    breakpoint.close();
  }
  if (control) fields.uses('cache-breakpoint', 'cache_control');
  else if (breakpoint) fields.uses('cache-breakpoint', 'prompt_cache_breakpoint');
  return control ?? (breakpoint ? { ttl: undefined } : undefined);
}

/** Whether the provider shall find the place of a breakpoint itself. */
export function readAutoCache(fields: Fields): CacheBreakpoint | undefined {
  const options = fields.object('prompt_cache_options');
  const mode = options?.oneOf('mode', ['implicit', 'explicit']);
  options?.leaveOut('ttl', LEFT_OUT['prompt_cache_options.ttl']);
  options?.close();
  const control = readControl(fields);
  if (control) fields.uses('auto-cache', 'cache_control');
  else if (mode === 'implicit') options?.uses('auto-cache', 'mode');
  return control ?? (mode === 'implicit' ? { ttl: undefined } : undefined);
}

function readControl(fields: Fields): CacheBreakpoint | undefined {
  const control = fields.object('cache_control');
  if (!control) return undefined;
  control.requiredOneOf('type', ['ephemeral']);
  const ttl = control.oneOf('ttl', ['5m', '1h']);
  control.close();
  return { ttl };
}

/** The breakpoint of a whole message, as one on the last of its parts that may carry one. */
export function cachedUpTo<T extends UserPart | AssistantPart>(
  parts: readonly T[],
  cache: CacheBreakpoint | undefined,
): readonly T[] {
  if (!cache) return parts;
  const last = parts.findLastIndex(isCacheable);
  return parts.map((part, at) => (at === last ? { ...part, ...given({ cache }) } : part));
}

function isCacheable({ type }: UserPart | AssistantPart): boolean {
  return type !== 'audio' && type !== 'reasoning' && type !== 'refusal';
}
