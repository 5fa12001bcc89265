import type { Call, Dialect } from '../../core/call.ts';
import { isJsonObject } from '../../core/json.ts';
import type { FixedParameters } from '../../core/routing.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { limitIn } from '../../models/tokens/answer-limits.ts';
import { answerField } from '../../models/tokens/answer-field.ts';
import type { BodyChanges, Path } from './body-changes.ts';
import { effortFor } from './effort.ts';

/** Says the parameters in the client's dialect, in place of what the client says. */
export function setParameters(changes: BodyChanges, call: Call, catalog: ModelCatalog, fixed: FixedParameters): void {
  setAnswerLimit(changes, call, catalog, fixed.maxOutputTokens);
  setSampling(changes, call.dialect, fixed);
  const { reasoningEffort: wanted } = fixed;
  if (wanted === undefined) return;
  const path = effortPath(changes, call.dialect);
  const { effort, says } = effortFor(call, catalog, wanted);
  if (says !== undefined) changes.warn(path, says);
  if (effort === undefined) return;
  if (call.dialect !== 'gemini') changes.set(path, effort);
  else {
    // Google takes one of the two.
    for (const name of ['thinkingBudget', 'thinking_budget']) changes.remove([...path.slice(0, -1), name]);
    changes.set(path, effort.toUpperCase());
  }
}

/** Both names of OpenAI's chat are set where the client sends both, since servers differ in which they take. */
function setAnswerLimit(changes: BodyChanges, call: Call, catalog: ModelCatalog, most: number | undefined): void {
  if (most === undefined) return;
  switch (call.dialect) {
    case 'openai': {
      const said = ['max_completion_tokens', 'max_tokens'].filter((name) => changes.has([name]));
      for (const name of said.length > 0 ? said : [answerField(call, catalog)]) changes.set([name], most);
      return;
    }
    case 'responses':
      return changes.set(['max_output_tokens'], most);
    case 'anthropic':
      changes.set(['max_tokens'], most);
      return keepThinkingBelow(changes, most);
    case 'gemini':
      return changes.set(inConfig(changes, 'maxOutputTokens', 'max_output_tokens'), most);
  }
}

function setSampling(changes: BodyChanges, dialect: Dialect, { temperature, topP }: FixedParameters): void {
  if (dialect === 'anthropic') return setAnthropicSampling(changes, temperature, topP);
  const top = dialect === 'gemini' ? inConfig(changes, 'topP', 'top_p') : ['top_p'];
  const path = dialect === 'gemini' ? inConfig(changes, 'temperature') : ['temperature'];
  if (temperature !== undefined) changes.set(path, temperature);
  if (topP !== undefined) changes.set(top, topP);
}

const MOST_TEMPERATURE = 1;

/**
 * Anthropic's newer models take one of the two, and neither while they think.
 * @see https://platform.claude.com/docs/en/api/messages (checked 2026-11-21)
 */
function setAnthropicSampling(changes: BodyChanges, temperature?: number, topP?: number): void {
  const thinks = ['enabled', 'adaptive'].some((type) => changes.at(['thinking', 'type']) === type);
  if (temperature !== undefined) {
    if (thinks) changes.warn(['temperature'], "is not set to the model's: Anthropic takes none while a model thinks");
    else {
      if (temperature > MOST_TEMPERATURE) changes.warn(['temperature'], `is ${MOST_TEMPERATURE}, the most there is`);
      changes.set(['temperature'], Math.min(temperature, MOST_TEMPERATURE));
    }
  }
  if (topP !== undefined) {
    if (thinks)
      changes.warn(['top_p'], "is not set to the model's: Anthropic takes it only near 1 while a model thinks");
    else changes.set(['top_p'], topP);
  }
  if (thinks || (temperature === undefined) === (topP === undefined)) return;
  const other = temperature === undefined ? 'temperature' : 'top_p';
  if (!changes.has([other])) return;
  changes.remove([other]);
  changes.warn([other], "is left out: the model's settings say the other one of temperature and top_p");
}

/** @see https://platform.claude.com/docs/en/build-with-claude/extended-thinking (checked 2026-11-21) */
const LEAST_THINKING = 1024;

/** A budget for thinking has to be below the limit; it becomes half of that, or there is no thinking. */
function keepThinkingBelow(changes: BodyChanges, most: number): void {
  const path: Path = ['thinking', 'budget_tokens'];
  const budget = limitIn(changes.at(path));
  if (budget === undefined || budget < most) return;
  const half = Math.floor(most / 2);
  if (half >= LEAST_THINKING) {
    changes.set(path, half);
    changes.warn(path, `is lowered from ${budget} to ${half}: the model's settings allow ${most} tokens`);
  } else {
    changes.remove(['thinking']);
    changes.warn(path, `is left out: the model's settings allow ${most} tokens, which are too few to think`);
  }
}

function effortPath(changes: BodyChanges, dialect: Dialect): Path {
  switch (dialect) {
    case 'openai':
      return ['reasoning_effort'];
    case 'responses':
      return ['reasoning', 'effort'];
    case 'anthropic':
      return ['output_config', 'effort'];
    default:
      return levelPath(changes);
  }
}

function levelPath(changes: BodyChanges): Path {
  const thinking = inConfig(changes, 'thinkingConfig', 'thinking_config');
  return [...thinking, changes.has([...thinking, 'thinking_level']) ? 'thinking_level' : 'thinkingLevel'];
}

/** Fields of Gemini's have either form of their names; the client's own stays. */
function inConfig(changes: BodyChanges, ...names: [string, ...string[]]): Path {
  const configs = ['generationConfig', 'generation_config'];
  const config = configs.find((name) => isJsonObject(changes.at([name]))) ?? 'generationConfig';
  return [config, names.find((name) => changes.has([config, name])) ?? names[0]];
}
