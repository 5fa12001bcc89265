import { EFFORTS, type Effort, type ReasoningRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { BuiltTools } from './build-tools.ts';
import type { Building } from './building.ts';

/** Tokens up to which a budget is of each effort; anything above is `high`. */
const BUDGETS: readonly (readonly [number, Effort])[] = [
  [1024, 'minimal'],
  [4096, 'low'],
  [16_384, 'medium'],
];

const UNTHINKING = 'is left out: the model does not think';
const UNTOLD = 'is left out: this provider cannot be told how much to think';
const UNKNOWN = 'is left out: the model is not known to think, and others refuse the option';
const BY_TOOLS = 'is left out: the model does not think where it has, or has to call, tools';
const ONLY_ON = 'only turns thinking on';

/** How much the model shall think, in the way in which the server is told. */
export function buildReasoning(building: Building, tools: BuiltTools): JsonObject {
  const { capabilities, quirks } = building;
  const { reasoning } = building.request;
  if (capabilities?.reasoning === false) return reasoning ? loseAll(building, UNTHINKING) : {};
  const isRuledOut =
    (tools.forced && quirks.thinksOrIsForced) || (tools.offered && capabilities?.toolsWhileReasoning === false);
  if (isRuledOut) return { ...loseAll(building, BY_TOOLS), ...off(building, false) };
  if (!reasoning) return {};
  if (isOff(reasoning)) return off(building, true);
  return asksToThink(reasoning) ? on(reasoning, building) : {};
}

function isOff({ enabled, effort }: ReasoningRequest): boolean {
  return enabled === false || effort === 'none';
}

function asksToThink({ enabled, effort, budgetTokens }: ReasoningRequest): boolean {
  return enabled !== undefined || effort !== undefined || budgetTokens !== undefined;
}

function on(reasoning: ReasoningRequest, building: Building): JsonObject {
  const { quirks, capabilities, translation } = building;
  switch (quirks.reasoning) {
    case 'effort':
      return effortField(reasoning, building);
    case 'effort-where-known':
      return capabilities?.reasoning === true ? effortField(reasoning, building) : loseAll(building, UNKNOWN);
    case 'thinking':
      return {
        thinking: { type: 'enabled' },
        ...(quirks.efforts ? effortField(reasoning, building) : onlyOn(building)),
      };
    case 'enable_thinking':
      if (reasoning.effort !== undefined) translation.lose('reasoning-effort', ONLY_ON);
      return {
        enable_thinking: true,
        ...(reasoning.budgetTokens === undefined ? {} : { thinking_budget: reasoning.budgetTokens }),
      };
    case 'chat_template':
      return { ...templateSwitch(true), ...onlyOn(building) };
    case 'reasoning':
      return { reasoning: inOneField(reasoning) };
    default:
      return loseAll(building, UNTOLD);
  }
}

/** @param isAsked by the client, who is told where it cannot be done */
function off(building: Building, isAsked: boolean): JsonObject {
  const { quirks, capabilities } = building;
  const isPossible = !capabilities?.reasoningAlways;
  switch (quirks.reasoning) {
    case 'thinking':
      if (isPossible) return { thinking: { type: 'disabled' } };
      break;
    case 'enable_thinking':
      if (isPossible) return { enable_thinking: false };
      break;
    case 'chat_template':
      return templateSwitch(false);
    case 'reasoning':
      if (isPossible) return { reasoning: { enabled: false } };
      break;
    case 'effort':
    case 'effort-where-known':
      return leastEffort(building, isAsked);
    default:
  }
  if (isAsked) building.translation.lose('reasoning-off', 'is left out: the model cannot be asked not to think');
  return {};
}

/** Templates do not mind what they do not know. */
function templateSwitch(thinks: boolean): JsonObject {
  return { chat_template_kwargs: { enable_thinking: thinks, thinking: thinks } };
}

/** @see https://openrouter.ai/docs/use-cases/reasoning-tokens (checked 2026-11-21) */
function inOneField({ effort, budgetTokens }: ReasoningRequest): JsonObject {
  if (budgetTokens !== undefined) return { max_tokens: budgetTokens };
  return effort === undefined ? { enabled: true } : { effort };
}

/** A switch knows on and off only. */
function onlyOn({ request, translation }: Building): JsonObject {
  const { effort, budgetTokens } = request.reasoning ?? {};
  if (effort !== undefined) translation.lose('reasoning-effort', ONLY_ON);
  if (budgetTokens !== undefined) translation.lose('reasoning-budget', ONLY_ON);
  return {};
}

/** A budget becomes an effort, and an effort that the model does not know the nearest that it does. */
function effortField({ effort, budgetTokens }: ReasoningRequest, building: Building): JsonObject {
  const { translation } = building;
  const wanted = effort ?? (budgetTokens === undefined ? ownEffort(building) : effortOfBudget(budgetTokens));
  const sent = wanted && nearestEffort(wanted, effortsOf(building));
  if (budgetTokens !== undefined) translation.lose('reasoning-budget', `becomes the effort "${sent}"`);
  if (effort !== undefined && sent !== effort) {
    translation.lose('reasoning-effort', `becomes "${sent}", the nearest that the model has`);
  }
  return sent === undefined ? {} : { reasoning_effort: sent };
}

function effortsOf({ capabilities, quirks }: Building): readonly Effort[] {
  return capabilities?.efforts ?? quirks.efforts ?? EFFORTS;
}

/** Of a model that shall judge for itself: one that may not think at all unless it is told so is told. */
function ownEffort({ capabilities, quirks }: Building): Effort | undefined {
  const efforts = capabilities?.efforts ?? quirks.efforts;
  return efforts?.includes('none') ? 'medium' : undefined;
}

function effortOfBudget(tokens: number): Effort {
  return BUDGETS.find(([most]) => tokens <= most)?.[1] ?? 'high';
}

/** Never `none` for what asks to think. */
function nearestEffort(wanted: Effort, known: readonly Effort[]): Effort {
  const at = EFFORTS.indexOf(wanted);
  const thinking = known.filter((effort) => effort !== 'none');
  const [nearest] = thinking.toSorted((a, b) => Math.abs(EFFORTS.indexOf(a) - at) - Math.abs(EFFORTS.indexOf(b) - at));
  return nearest ?? wanted;
}

/** Nothing is said to a model of which nothing is known: most do not think, and refuse the option. */
function leastEffort(building: Building, isAsked: boolean): JsonObject {
  const { capabilities, quirks, translation } = building;
  const efforts = capabilities?.efforts ?? (quirks.reasoning === 'effort' ? quirks.efforts : undefined);
  if (efforts?.includes('none')) return { reasoning_effort: 'none' };
  if (capabilities?.reasoning !== true) return {};
  const least = EFFORTS.find((effort) => efforts?.includes(effort));
  if (isAsked)
    translation.lose('reasoning-off', least && `becomes the effort "${least}", the least that the model has`);
  return least === undefined ? {} : { reasoning_effort: least };
}

/** What the client asked for and does not get; nothing where it asked not to think. */
function loseAll(building: Building, says: string): JsonObject {
  const { translation } = building;
  const { reasoning } = building.request;
  if (!reasoning || isOff(reasoning)) return {};
  if (reasoning.effort !== undefined) translation.lose('reasoning-effort', says);
  if (reasoning.budgetTokens !== undefined) translation.lose('reasoning-budget', says);
  if (reasoning.enabled === 'adaptive') building.note('reasoning-adaptive', says);
  return {};
}
