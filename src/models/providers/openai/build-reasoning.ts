import { EFFORTS, type Effort, type ReasoningRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

/** Tokens up to which a budget is of each effort; anything above is `high`. */
const BUDGETS: readonly (readonly [number, Effort])[] = [
  [1024, 'minimal'],
  [4096, 'low'],
  [16_384, 'medium'],
];

const LEAVE_OUT = 'is left out: the model does not think';

/** How much the model shall think, in the way in which the server is told. */
export function buildReasoning(building: Building): JsonObject {
  const { reasoning } = building.request;
  if (!reasoning) return {};
  const isOff = reasoning.enabled === false || reasoning.effort === 'none';
  if (building.capabilities?.reasoning === false) {
    if (!isOff) loseAll(building, LEAVE_OUT);
    return {};
  }
  switch (building.quirks.reasoning) {
    case 'effort':
      return isOff ? leastEffort(building) : effortOf(reasoning, building);
    case 'none':
      if (!isOff && asksToThink(reasoning))
        loseAll(building, 'is left out: this provider cannot be told how much to think');
      return {};
    default:
      return bySwitch(reasoning, isOff, building);
  }
}

function asksToThink({ enabled, effort, budgetTokens }: ReasoningRequest): boolean {
  return enabled === true || effort !== undefined || budgetTokens !== undefined;
}

/** Thinking on or off, and a budget where there is a place for one. */
function bySwitch(reasoning: ReasoningRequest, isOff: boolean, building: Building): JsonObject {
  const { enabled, effort, budgetTokens } = reasoning;
  if (enabled === 'adaptive' && effort === undefined && budgetTokens === undefined) return {};
  switch (building.quirks.reasoning) {
    case 'enable_thinking':
      if (effort !== undefined && !isOff) building.translation.lose('reasoning-effort', 'only turns thinking on');
      return {
        enable_thinking: !isOff,
        ...(isOff || budgetTokens === undefined ? {} : { thinking_budget: budgetTokens }),
      };
    case 'chat_template':
      loseAmount(reasoning, isOff, building);
      return { chat_template_kwargs: { enable_thinking: !isOff } };
    case 'reasoning':
      return { reasoning: openRouter(reasoning, isOff) };
    default:
      loseAmount(reasoning, isOff, building);
      return { thinking: { type: isOff ? 'disabled' : 'enabled' } };
  }
}

/** @see https://openrouter.ai/docs/use-cases/reasoning-tokens (checked 2026-11-21) */
function openRouter({ effort, budgetTokens }: ReasoningRequest, isOff: boolean): JsonObject {
  if (isOff) return { enabled: false };
  if (budgetTokens !== undefined) return { max_tokens: budgetTokens };
  return effort === undefined ? { enabled: true } : { effort };
}

/** A switch knows on and off only. */
function loseAmount({ effort, budgetTokens }: ReasoningRequest, isOff: boolean, { translation }: Building): void {
  if (isOff) return;
  if (effort !== undefined) translation.lose('reasoning-effort', 'only turns thinking on');
  if (budgetTokens !== undefined) translation.lose('reasoning-budget', 'only turns thinking on');
}

function effortOf(reasoning: ReasoningRequest, building: Building): JsonObject {
  const { effort, budgetTokens } = reasoning;
  if (budgetTokens !== undefined) building.translation.lose('reasoning-budget');
  const wanted = effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
  if (wanted === undefined) return {};
  const known = building.capabilities?.efforts;
  const nearest = known ? nearestEffort(wanted, known) : wanted;
  if (effort !== undefined && nearest !== effort) building.translation.lose('reasoning-effort');
  return nearest === undefined ? {} : { reasoning_effort: nearest };
}

function effortOfBudget(tokens: number): Effort {
  return BUDGETS.find(([most]) => tokens <= most)?.[1] ?? 'high';
}

/** Nothing is said to a model of which nothing is known: most do not think, and refuse the option. */
function leastEffort(building: Building): JsonObject {
  const { capabilities, translation } = building;
  const efforts = capabilities?.efforts;
  if (efforts?.includes('none')) return { reasoning_effort: 'none' };
  if (capabilities?.reasoning !== true) return {};
  translation.lose('reasoning-off');
  const least = EFFORTS.find((effort) => efforts?.includes(effort));
  return least === undefined ? {} : { reasoning_effort: least };
}

/** Never `none` for what asks to think. */
function nearestEffort(wanted: Effort, known: readonly Effort[]): Effort | undefined {
  const at = EFFORTS.indexOf(wanted);
  const thinking = known.filter((effort) => effort !== 'none');
  return thinking.toSorted((a, b) => Math.abs(EFFORTS.indexOf(a) - at) - Math.abs(EFFORTS.indexOf(b) - at))[0];
}

function loseAll({ request, translation }: Building, says: string): void {
  const { effort, budgetTokens } = request.reasoning ?? {};
  if (effort !== undefined) translation.lose('reasoning-effort', says);
  if (budgetTokens !== undefined) translation.lose('reasoning-budget', says);
}
