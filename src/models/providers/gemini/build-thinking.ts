import type { Feature } from '../../../core/inference/features.ts';
import { EFFORTS, type Effort, type ReasoningRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';
import type { ModelTraits } from './model-traits.ts';

/** About as Google itself maps them. @see https://ai.google.dev/gemini-api/docs/openai#thinking */
const BUDGETS: Readonly<Record<Exclude<Effort, 'none'>, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

/** The model decides. */
const DYNAMIC = -1;

const ASKING: readonly Feature[] = ['reasoning-effort', 'reasoning-budget', 'reasoning-adaptive', 'reasoning-display'];

/**
 * How much the model may think, in the way in which it can be told: by a level from Gemini 3 on, in tokens before.
 * @see https://ai.google.dev/gemini-api/docs/thinking (read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
export function buildThinking(building: Building): JsonObject {
  const { translation, traits } = building;
  const { reasoning } = translation.request;
  if (!reasoning) return {};
  const isOff = reasoning.enabled === false || reasoning.effort === 'none';
  if (traits.levels.length === 0 && !traits.budget) {
    if (!isOff) loseAll(building);
    return {};
  }
  const config = { ...(isOff ? off(building) : amount(reasoning, building)), ...shown(reasoning, isOff) };
  return Object.keys(config).length === 0 ? {} : { thinkingConfig: config };
}

/** Whoever asks for thinking gets to read it, unless told otherwise. */
function shown({ display, ...asked }: ReasoningRequest, isOff: boolean): JsonObject {
  if (isOff || display === 'omitted') return {};
  return display === 'summarized' || Object.keys(asked).length > 0 ? { includeThoughts: true } : {};
}

/** Models that always think are kept to the least. */
function off({ translation, traits }: Building): JsonObject {
  const [least] = traits.levels;
  if (traits.budget?.least === 0) return { thinkingBudget: 0 };
  if (traits.budget) {
    translation.lose('reasoning-off', `becomes ${traits.budget.least} tokens, the least that the model has`);
    return { thinkingBudget: traits.budget.least };
  }
  translation.lose('reasoning-off', `becomes the level "${least ?? ''}", the least that the model has`);
  return wireLevel(least);
}

function amount(reasoning: ReasoningRequest, building: Building): JsonObject {
  const { budget } = building.traits;
  return budget ? inTokens(reasoning, budget, building) : asLevel(reasoning, building);
}

function inTokens(
  { enabled, effort, budgetTokens }: ReasoningRequest,
  budget: NonNullable<ModelTraits['budget']>,
  { translation }: Building,
): JsonObject {
  if (budgetTokens !== undefined) {
    const kept = Math.min(Math.max(budgetTokens, budget.least), budget.most);
    if (kept !== budgetTokens) translation.lose('reasoning-budget', `becomes ${kept} tokens, which the model takes`);
    return { thinkingBudget: kept };
  }
  if (effort !== undefined && effort !== 'none') {
    const kept = Math.max(budget.least, Math.min(BUDGETS[effort], budget.most, halfOf(translation.request)));
    translation.lose('reasoning-effort', `becomes a thinking budget of ${kept} tokens`);
    return { thinkingBudget: kept };
  }
  return enabled === undefined ? {} : { thinkingBudget: DYNAMIC };
}

/** The limit of the answer is for thinking as well; the answer itself has to have room. */
function halfOf({ maxOutputTokens }: { readonly maxOutputTokens?: number }): number {
  return maxOutputTokens === undefined ? Number.POSITIVE_INFINITY : Math.floor(maxOutputTokens / 2);
}

/** Left to itself such a model decides how much it thinks, which is what `adaptive` asks for. */
function asLevel({ effort, budgetTokens }: ReasoningRequest, { translation, traits }: Building): JsonObject {
  if (effort !== undefined && effort !== 'none') {
    const level = nearest(effort, traits.levels);
    if (level !== effort) translation.lose('reasoning-effort', becomes(level));
    return wireLevel(level);
  }
  if (budgetTokens === undefined) return {};
  const wanted = EFFORTS.find((each) => each !== 'none' && budgetTokens <= BUDGETS[each]) ?? 'high';
  const level = nearest(wanted, traits.levels);
  translation.lose('reasoning-budget', becomes(level));
  return wireLevel(level);
}

function becomes(level: Effort | undefined): string {
  return `becomes the level "${level ?? ''}", the nearest that the model has`;
}

function nearest(effort: Effort, levels: readonly Effort[]): Effort | undefined {
  return levels.findLast((each) => EFFORTS.indexOf(each) <= EFFORTS.indexOf(effort)) ?? levels[0];
}

function wireLevel(level: Effort | undefined): JsonObject {
  return level === undefined ? {} : { thinkingLevel: level.toUpperCase() };
}

function loseAll({ translation }: Building): void {
  const asked = ASKING.filter((feature) => translation.request.fields[feature] !== undefined);
  for (const feature of asked.length > 0 ? asked : ASKING.slice(0, 1)) {
    translation.lose(feature, 'is left out: the model does not think');
  }
}
