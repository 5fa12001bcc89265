import type { Feature } from '../../../core/inference/features.ts';
import type { Effort, InferenceRequest, ReasoningRequest } from '../../../core/inference/request.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Turn as AnthropicTurn } from '../anthropic/build-messages.ts';
import { buildThinking } from '../anthropic/build-thinking.ts';
import type { Turn } from './build-messages.ts';
import { isReasoning } from './build-parts.ts';
import type { Building } from './building.ts';
import { isCachePoint } from './cache-points.ts';

export interface BuiltReasoning {
  /** Of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** `outputConfig.effort`. */
  readonly effort: string | undefined;
  /** It is asked to think in the way of Claude, which rules out other options. */
  readonly on: boolean;
  /** `inferenceConfig.maxTokens`. */
  readonly maxTokens: number | undefined;
}

const ASKING: readonly Feature[] = ['reasoning-effort', 'reasoning-budget', 'reasoning-adaptive', 'reasoning-display'];
const UNTOLD = 'is left out: Bedrock does not say how this model is told how much to think';
const UNTHINKING = 'is left out: the model does not think';

/** How much the model may think, in its maker's own words, since Converse has none. */
export function buildReasoning(building: Building, turns: readonly Turn[], forcedTool: boolean): BuiltReasoning {
  const { translation, traits } = building;
  const { request } = translation;
  if (traits.maker === 'anthropic') return claudeThinking(building, turns, forcedTool);
  const { reasoning } = request;
  if (!reasoning) return without(request);
  if (traits.capabilities.reasoning === false) return leftOut(translation, UNTHINKING);
  if (traits.maker === 'nova') return novaReasoning(building, reasoning);
  if (traits.maker === 'gpt-oss') return gptOssReasoning(translation, reasoning);
  return leftOut(translation, UNTOLD);
}

function without({ maxOutputTokens }: InferenceRequest): BuiltReasoning {
  return { fields: {}, effort: undefined, on: false, maxTokens: maxOutputTokens };
}

function leftOut(translation: Translation, says: string): BuiltReasoning {
  const { request } = translation;
  for (const feature of ASKING) if (request.fields[feature] !== undefined) translation.lose(feature, says);
  if (request.fields['reasoning-off'] !== undefined && says === UNTOLD) translation.lose('reasoning-off', says);
  return without(request);
}

/** The same fields as at Anthropic, but for the effort, which Converse has. */
function claudeThinking(
  { translation, traits }: Building,
  turns: readonly Turn[],
  forcedTool: boolean,
): BuiltReasoning {
  const { capabilities } = traits;
  const built = buildThinking({ translation, capabilities, turns: turns.map(inClaudesWords), forcedTool });
  const hasBudget = built.thinking?.['type'] === 'enabled';
  return {
    fields: built.thinking ? { thinking: built.thinking } : {},
    effort: built.effort,
    on: built.on,
    // Without a limit the model's own holds; a budget has to be less than the limit, which therefore has to be said.
    maxTokens: hasBudget ? built.maxTokens : translation.request.maxOutputTokens,
  };
}

/** As much of a turn as thinking depends on. */
function inClaudesWords({ role, content }: Turn): AnthropicTurn {
  return { role, content: content.filter((block) => !isCachePoint(block)).map((block) => ({ type: typeOf(block) })) };
}

function typeOf(block: JsonObject): string {
  if (isReasoning(block)) return 'thinking';
  if (block['toolResult'] !== undefined) return 'tool_result';
  return block['text'] === undefined ? 'other' : 'text';
}

type OpenEffort = 'low' | 'medium' | 'high';

const NEAREST: Readonly<Record<Exclude<Effort, 'none'>, OpenEffort>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** Tokens up to which a budget is of each effort; anything above is `high`. */
const BUDGETS: readonly (readonly [number, OpenEffort])[] = [
  [4096, 'low'],
  [16_384, 'medium'],
];

/** Undefined where nothing is asked, or not to think. */
function nearestEffort(
  translation: Translation,
  { enabled, effort, budgetTokens }: ReasoningRequest,
): OpenEffort | undefined {
  if (translation.request.reasoning?.display !== undefined) translation.lose('reasoning-display', UNTOLD);
  if (enabled === false || effort === 'none') return undefined;
  if (budgetTokens !== undefined) {
    const near = BUDGETS.find(([most]) => budgetTokens <= most)?.[1] ?? 'high';
    translation.lose('reasoning-budget', `becomes the effort "${near}"`);
    return near;
  }
  if (effort !== undefined) {
    const near = NEAREST[effort];
    if (near !== effort) translation.lose('reasoning-effort', `becomes "${near}", the nearest that the model has`);
    return near;
  }
  if (enabled === 'adaptive') translation.lose('reasoning-adaptive', 'becomes the effort "medium"');
  return enabled === undefined ? undefined : 'medium';
}

/**
 * Nova thinks from its second generation on, and only where it is asked to. It refuses the effort "high" beside a limit,
 * a temperature or `topP`.
 * @see https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
 */
function novaReasoning({ translation, traits }: Building, reasoning: ReasoningRequest): BuiltReasoning {
  const { request } = translation;
  if (!traits.capabilities.reasoning) return leftOut(translation, UNTHINKING);
  const wanted = nearestEffort(translation, reasoning);
  if (wanted === undefined) return without(request);
  const isBounded = [request.maxOutputTokens, request.temperature, request.topP].some((option) => option !== undefined);
  const effort = wanted === 'high' && isBounded ? 'medium' : wanted;
  if (effort !== wanted) {
    const feature = request.fields['reasoning-budget'] === undefined ? 'reasoning-effort' : 'reasoning-budget';
    translation.lose(
      feature,
      'becomes the effort "medium": Nova takes "high" only without a limit and sampling options',
    );
  }
  return { ...without(request), fields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: effort } } };
}

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html */
function gptOssReasoning(translation: Translation, reasoning: ReasoningRequest): BuiltReasoning {
  const { request } = translation;
  const isOff = reasoning.enabled === false || reasoning.effort === 'none';
  if (isOff) translation.lose('reasoning-off');
  const effort = isOff ? 'low' : nearestEffort(translation, reasoning);
  return { ...without(request), fields: effort === undefined ? {} : { reasoning_effort: effort } };
}
