import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Stage } from '../../../core/stage.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { StructuredAnswer, type StructuredRules } from './structured-answer.ts';

export interface StructuredDeps {
  readonly clock: Clock;
  catalog(): ModelCatalog;
  /** The policies that a call falls under; none where there are none. */
  policiesOf(call: Call): readonly GuardPolicy[];
}

/**
 * Answers to requests with a JSON schema are held against it. It stands behind the cache, so that what is kept there is
 * what came of it, and before the targets are chosen, so that one that is asked again may be another.
 */
export function structuredStage(deps: StructuredDeps): Stage {
  return {
    name: 'structured',
    run(call, next) {
      if (call.operation !== 'chat') return next(call);
      const rules = rulesOf(deps.policiesOf(call));
      const schema = rules && schemaOf(call);
      if (!schema) return next(call);
      return new StructuredAnswer({ deps, call, rules, schema, next }).run();
    },
  };
}

/** Of several policies the strictest holds. */
function rulesOf(policies: readonly GuardPolicy[]): StructuredRules | undefined {
  if (!hasStructured(policies)) return undefined;
  const all = policies.flatMap(({ structured, settings }) => (structured ? [{ ...structured, ...settings }] : []));
  return {
    blocks: all.some(({ action }) => action === 'block'),
    repairs: all.some(({ repair }) => repair),
    holds: all.some(({ streams }) => streams === 'hold'),
    isClosed: all.some(({ onFailure, action }) => action === 'block' && onFailure === 'closed'),
  };
}

function hasStructured(policies: readonly GuardPolicy[]): boolean {
  for (const { structured } of policies) if (structured) return true;
  return false;
}

/** Undefined where the request has none, or cannot be read: then whoever sends it says what is wrong. */
function schemaOf(call: Call): JsonObject | undefined {
  try {
    const format = call.inference.responseFormat;
    return format?.type === 'json-schema' ? format.schema : undefined;
  } catch {
    return undefined;
  }
}
