import type { Attempt } from '../../core/attempts.ts';
import type { PromptCacheHints, PromptCachePolicy, PromptCaching } from '../../core/caching.ts';
import type { Call } from '../../core/call.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Stage } from '../../core/stage.ts';
import type { BreakpointGroup, BreakpointGuard } from './breakpoint-guard.ts';
import { promptPrefixOf } from './prompt-prefix.ts';

export interface PromptCacheDeps {
  readonly guard: BreakpointGuard;
}

/** A shorter request has no prefix that any provider caches. */
const LEAST_BYTES = 4096;

/** What is done so that providers' prompt caches find a long prompt again: said here, and done by each attempt. */
export function promptCacheStage({ guard }: PromptCacheDeps): Stage {
  return {
    name: 'prompt-cache',
    run(call, next) {
      const policy = call.assignment?.promptCache;
      if (policy && call.operation === 'chat' && isLong(call)) {
        if (policy.sticky) call.promptPrefix = promptPrefixOf(call);
        call.promptCaching = promptCachingOf(call, policy, guard);
      }
      return next(call);
    },
  };
}

/** What a short request refers to, or what is put into it, may be long. */
function isLong({ body }: Call): boolean {
  const { raw, resolved, json } = body;
  return raw.length >= LEAST_BYTES || (resolved !== json && mayHaveGrown(resolved, json));
}

/** Not by numbers, such as that of the tokens that a budget allows. */
function mayHaveGrown(resolved: JsonObject, json: JsonObject): boolean {
  for (const name in resolved) {
    const value = resolved[name];
    if (value !== json[name] && typeof value !== 'number' && typeof value !== 'boolean') return true;
  }
  return false;
}

function promptCachingOf(call: Call, policy: PromptCachePolicy, guard: BreakpointGuard): PromptCaching {
  const { project = '' } = call.principal ?? {};
  const groupOf = (target: string): BreakpointGroup => ({ project, requestModel: call.facts.model, target });
  return {
    hintsFor(target): PromptCacheHints {
      const places = policy.breakpoints && guard.mayPlace(groupOf(target));
      return { breakpoints: places ? policy.ttl : undefined, key: policy.sticky ? call.promptPrefix : undefined };
    },
    settled({ breakpoints, opening, closing }: Attempt): void {
      const { usage, usageSource } = closing ?? {};
      if (breakpoints > 0 && usage && usageSource === 'reported') guard.learn(groupOf(opening.target), usage);
    },
  };
}
