import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import { Translation } from '../../../core/inference/translation.ts';
import { type JsonObject, asString } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Reshape } from '../provider.ts';
import { cacheControl } from './build-blocks.ts';
import { type Turn, buildConversation } from './build-messages.ts';
import { buildOptions } from './build-options.ts';
import { buildThinking } from './build-thinking.ts';
import { buildTools } from './build-tools.ts';
import { jsonAnswer } from './json-answer.ts';
import { reshapeAnswer } from './reshape-answer.ts';
import { ANTHROPIC_TRANSLATION } from './translation-table.ts';

export interface BuiltBody {
  /** Of `POST /v1/messages`. */
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
  /** For what comes back; a fresh one for each answer. */
  readonly reshape: () => Reshape;
}

/** @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching (checked 2026-11-21) */
const MOST_BREAKPOINTS = 4;

/**
 * A chat request as Anthropic takes it.
 * @throws capability_unsupported where it asks for what Anthropic, or the model, cannot do
 * @throws request_invalid where nothing is asked
 */
export function buildBody(request: InferenceRequest, model: string, capabilities: Capabilities | undefined): BuiltBody {
  const translation = new Translation(request, ANTHROPIC_TRANSLATION);
  const answer = jsonAnswer(translation, capabilities);
  const conversation = buildConversation(translation);
  const { turns, system, notes } = conversation;
  if (answer.instruction !== undefined) system.push({ type: 'text', text: answer.instruction });
  const built = buildTools(translation, capabilities, answer.tool);
  const thinking = buildThinking({ translation, capabilities, turns, forcedTool: built.forced });
  const output = {
    ...(thinking.effort === undefined ? {} : { effort: thinking.effort }),
    ...(answer.format ? { format: answer.format } : {}),
  };
  limitBreakpoints(built.tools, system, turns, translation);
  const body: JsonObject = {
    model,
    max_tokens: thinking.maxTokens,
    ...(system.length === 0 ? {} : { system: systemOf(system) }),
    messages: turns.map(({ role, content }) => ({ role, content })),
    ...(built.tools.length === 0 ? {} : { tools: built.tools }),
    ...(built.choice ? { tool_choice: built.choice } : {}),
    ...(thinking.thinking ? { thinking: thinking.thinking } : {}),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
    ...buildOptions(translation, capabilities, thinking.on),
    ...cacheControl(request.autoCache),
    ...(request.stream ? { stream: true } : {}),
  };
  const rules = { renamed: built.renamed, answerTool: asString(answer.tool?.['name']) };
  return { body, notes: [...translation.notes, ...notes], reshape: () => reshapeAnswer(rules) };
}

/** One text without a breakpoint is a string, which is what most servers of this protocol expect. */
function systemOf(blocks: JsonObject[]): string | JsonObject[] {
  const [only, ...others] = blocks;
  const text = others.length === 0 && only && !only['cache_control'] ? asString(only['text']) : undefined;
  return text ?? blocks;
}

/** The first one is shared by most requests, and the last ones cover all that comes before them. */
function limitBreakpoints(
  tools: readonly JsonObject[],
  system: readonly JsonObject[],
  turns: readonly Turn[],
  translation: Translation,
): void {
  const marked = [...tools, ...system, ...turns.flatMap(({ content }) => content.flatMap(withInner))].filter(
    (block) => block['cache_control'] !== undefined,
  );
  const most = translation.request.autoCache ? MOST_BREAKPOINTS - 1 : MOST_BREAKPOINTS;
  if (marked.length <= most) return;
  translation.lose('cache-breakpoint');
  for (const block of marked.slice(1, marked.length - most + 1)) delete block['cache_control'];
}

/** A result's own blocks come before it. */
function withInner(block: JsonObject): JsonObject[] {
  const inner = block['type'] === 'tool_result' && Array.isArray(block['content']) ? block['content'] : [];
  return [...(inner as JsonObject[]), block];
}
