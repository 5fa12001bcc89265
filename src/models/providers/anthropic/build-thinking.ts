import type { Feature } from '../../../core/inference/features.ts';
import { EFFORTS, type Effort, type ReasoningRequest } from '../../../core/inference/request.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { type Turn, isThinking, isToolResult } from './build-messages.ts';

export interface BuiltThinking {
  readonly thinking: JsonObject | undefined;
  /** `output_config.effort`. */
  readonly effort: string | undefined;
  /** It is asked to think, which rules out other options. */
  readonly on: boolean;
  readonly maxTokens: number;
}

interface ThinkingContext {
  readonly translation: Translation;
  readonly capabilities: Capabilities | undefined;
  readonly turns: readonly Turn[];
  /** A tool call is demanded. */
  readonly forcedTool: boolean;
}

/** Tokens, where neither the client nor what is known of the model says more. */
const DEFAULT_MAX_TOKENS = 4096;
/** @see https://platform.claude.com/docs/en/build-with-claude/extended-thinking (checked 2026-11-21) */
const LEAST_BUDGET = 1024;

/** Tokens. Beyond 32,000 models seldom use what they are given. */
const BUDGETS: Readonly<Record<Exclude<Effort, 'none'>, number>> = {
  minimal: LEAST_BUDGET,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_000,
  max: 32_000,
};

const ASKING: readonly Feature[] = ['reasoning-effort', 'reasoning-budget', 'reasoning-adaptive', 'reasoning-display'];

/** How much the model may think, in the way in which it can be told, and with that how long its answer may be. */
export function buildThinking(context: ThinkingContext): BuiltThinking {
  const { translation, capabilities } = context;
  const { reasoning } = translation.request;
  if (!reasoning) return without(context);
  if (reasoning.enabled === false || reasoning.effort === 'none') return off(context);
  if (!asksToThink(reasoning)) {
    if (reasoning.display !== undefined) translation.lose('reasoning-display');
    return without(context);
  }
  if (capabilities?.reasoning === false) return given(context, 'is left out: the model does not think', without);
  if (isPrefilled(context.turns) && !capabilities?.reasoningAlways) {
    return given(context, 'is left out: a model that thinks takes no prefill', disabled);
  }
  return isAdaptive(reasoning, capabilities) ? adaptive(reasoning, context) : manual(reasoning, context);
}

function asksToThink({ enabled, effort, budgetTokens }: ReasoningRequest): boolean {
  return enabled !== undefined || effort !== undefined || budgetTokens !== undefined;
}

/** Budgets are kept where the model has them; all else is left to a model that judges for itself. */
function isAdaptive({ budgetTokens }: ReasoningRequest, capabilities: Capabilities | undefined): boolean {
  const controls = capabilities?.reasoningControls ?? [];
  return controls.includes('adaptive') && (budgetTokens === undefined || !controls.includes('budget'));
}

function adaptive(reasoning: ReasoningRequest, context: ThinkingContext): BuiltThinking {
  const { translation } = context;
  if (reasoning.budgetTokens !== undefined) {
    translation.lose('reasoning-budget', 'is left out: the model decides itself how much it thinks');
  }
  return {
    thinking: { type: 'adaptive', ...display(reasoning) },
    effort: wireEffort(reasoning.effort, context),
    on: true,
    maxTokens: maxTokens(context, 0),
  };
}

/** Thinking with a budget: what goes with it is less than what goes with adaptive thinking. */
function manual(reasoning: ReasoningRequest, context: ThinkingContext): BuiltThinking {
  const { translation, turns } = context;
  if (context.forcedTool)
    return given(context, 'is left out: the model cannot think where a tool call is demanded', disabled);
  if (hasUnprovenCalls(turns)) {
    return given(
      context,
      'is left out: the tool calls before came without thinking that Anthropic could check',
      disabled,
    );
  }
  const limit = translation.request.maxOutputTokens ?? context.capabilities?.outputTokens;
  const budget = budgetWithin(reasoning, limit);
  if (budget === undefined)
    return given(context, `is left out: ${limit} output tokens leave no room to think`, disabled);
  const hasEffort = context.capabilities?.reasoningControls?.includes('effort') ?? false;
  noteBudget(reasoning, budget, hasEffort, translation);
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...display(reasoning) },
    effort: hasEffort ? wireEffort(reasoning.effort, context) : undefined,
    on: true,
    maxTokens: maxTokens(context, budget),
  };
}

/**
 * The client's limit holds for thinking and answer together, so that it goes on to bound what a call costs; where the
 * client did not say how they share it, each gets half. Undefined where there is too little to share.
 */
function budgetWithin({ budgetTokens, effort }: ReasoningRequest, limit: number | undefined): number | undefined {
  const wanted = Math.max(
    LEAST_BUDGET,
    budgetTokens ?? BUDGETS[effort === undefined || effort === 'none' ? 'medium' : effort],
  );
  if (limit === undefined || (budgetTokens !== undefined && wanted < limit)) return wanted;
  const most = Math.floor(limit / 2);
  return most < LEAST_BUDGET ? undefined : Math.min(wanted, most);
}

function noteBudget(reasoning: ReasoningRequest, budget: number, hasEffort: boolean, translation: Translation): void {
  const says = `becomes a thinking budget of ${budget} tokens`;
  if (reasoning.budgetTokens !== undefined) {
    if (reasoning.budgetTokens !== budget) translation.lose('reasoning-budget', says);
  } else if (reasoning.enabled === 'adaptive') translation.lose('reasoning-adaptive', says);
  if (reasoning.effort !== undefined && !hasEffort) translation.lose('reasoning-effort', says);
}

/** What any model with an effort takes, where nobody says which ones. */
const COMMON_EFFORTS: readonly Effort[] = ['low', 'medium', 'high'];

function wireEffort(effort: Effort | undefined, { translation, capabilities }: ThinkingContext): string | undefined {
  if (effort === undefined || effort === 'none') return undefined;
  if (!capabilities?.reasoningControls?.includes('effort')) {
    translation.lose('reasoning-effort', 'is left out: the model decides itself how much it thinks');
    return undefined;
  }
  const known = EFFORTS.filter((each) => (capabilities.efforts ?? COMMON_EFFORTS).includes(each));
  const near = known.findLast((each) => EFFORTS.indexOf(each) <= EFFORTS.indexOf(effort)) ?? known[0];
  if (near !== effort) translation.lose('reasoning-effort', `becomes "${near ?? ''}", the nearest that the model has`);
  return near;
}

/** Notes that thinking is not asked for after all. */
function given(
  context: ThinkingContext,
  says: string,
  instead: (context: ThinkingContext) => BuiltThinking,
): BuiltThinking {
  const { translation } = context;
  const asked = ASKING.filter((feature) => translation.request.fields[feature] !== undefined);
  for (const feature of asked.length > 0 ? asked : ASKING.slice(0, 1)) translation.lose(feature, says);
  return instead(context);
}

function without(context: ThinkingContext): BuiltThinking {
  return { thinking: undefined, effort: undefined, on: false, maxTokens: maxTokens(context, 0) };
}

/** Some models that decide themselves think only where they are asked to, and take no `disabled`. */
function disabled(context: ThinkingContext): BuiltThinking {
  const { reasoningAlways, reasoningControls = [] } = context.capabilities ?? {};
  const isTaken = reasoningAlways === false || !reasoningControls.includes('adaptive');
  return { ...without(context), thinking: isTaken ? { type: 'disabled' } : undefined };
}

/** As the client asks. */
function off(context: ThinkingContext): BuiltThinking {
  const { translation, capabilities } = context;
  if (capabilities?.reasoning === false) return without(context);
  if (!capabilities?.reasoningAlways) return disabled(context);
  if (capabilities.reasoningControls?.includes('between-tools')) {
    translation.lose('reasoning-off', 'becomes thinking between tool calls alone, the least that the model has');
    return { ...without(context), thinking: { type: 'between_tools' } };
  }
  translation.lose('reasoning-off');
  return { ...without(context), effort: capabilities.reasoningControls?.includes('effort') ? 'low' : undefined };
}

function maxTokens({ translation, capabilities }: ThinkingContext, budget: number): number {
  return translation.request.maxOutputTokens ?? capabilities?.outputTokens ?? budget + DEFAULT_MAX_TOKENS;
}

function display({ display: shown }: ReasoningRequest): JsonObject {
  return shown === undefined ? {} : { display: shown };
}

function isPrefilled(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.content.at(-1)?.['type'] === 'text';
}

/** The turn that the last results belong to has to begin with thinking, where thinking has a budget. */
function hasUnprovenCalls(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  if (!last?.content.some(isToolResult)) return false;
  const calling = turns.findLast(({ role }) => role === 'assistant');
  return !calling?.content.some(isThinking);
}
