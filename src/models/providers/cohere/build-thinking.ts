import type { Effort } from '../../../core/inference/request.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';

/** Tokens; from `high` on a model thinks as long as it likes. */
const BUDGETS: Readonly<Partial<Record<Effort, number>>> = { minimal: 512, low: 2048, medium: 8192 };

const UNTHINKING = 'is left out: the model does not think';
const UNKNOWN = 'is left out: the model is not known to think';

/**
 * How much the model shall think. One that can think does so unless it is told otherwise.
 * @see https://docs.cohere.com/v2/docs/reasoning (checked 2026-11-21)
 */
export function buildThinking(translation: Translation, capabilities: Capabilities | undefined): JsonObject {
  const { reasoning } = translation.request;
  if (!reasoning) return {};
  const { enabled, effort, budgetTokens } = reasoning;
  const thinks = capabilities?.reasoning;
  if (enabled === false || effort === 'none') return thinks ? { thinking: { type: 'disabled' } } : {};
  if (!thinks) {
    const says = thinks === false ? UNTHINKING : UNKNOWN;
    if (effort !== undefined) translation.lose('reasoning-effort', says);
    if (budgetTokens !== undefined) translation.lose('reasoning-budget', says);
    if (enabled === 'adaptive') translation.lose('reasoning-adaptive', says);
    return {};
  }
  if (enabled === undefined && effort === undefined && budgetTokens === undefined) return {};
  const budget = budgetTokens ?? (effort && effortBudget(effort, translation));
  return { thinking: { type: 'enabled', ...(budget === undefined ? {} : { token_budget: budget }) } };
}

function effortBudget(effort: Effort, translation: Translation): number | undefined {
  const budget = BUDGETS[effort];
  translation.lose(
    'reasoning-effort',
    budget === undefined ? 'becomes thinking without a limit' : `becomes at most ${budget} tokens to think with`,
  );
  return budget;
}
