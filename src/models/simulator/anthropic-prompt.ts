import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import {
  MESSAGE_TOKENS,
  type OfferedTool,
  type Prompt,
  type PromptPart,
  type ToolChoice,
  objectsIn,
  optionalCount,
  requireMessages,
  requireModel,
  stringsIn,
  textPart,
  tokensOfEffort,
  totalTokens,
} from './prompt.ts';
import { Refusal } from './refusal.ts';

const ROLES: ReadonlySet<string> = new Set(['user', 'assistant']);
const IMAGE_TOKENS = 1600;
const MOST_TOKENS = 10_000_000;
const MOST_BREAKPOINTS = 4;
/** However much thinking is allowed, no more is made up. */
const MOST_THINKING = 256;

/** Reads a messages request. @throws Refusal where Anthropic would refuse it */
export function readAnthropicPrompt(body: JsonObject): Prompt {
  const prompt = readCountedPrompt(body);
  const maxTokens = optionalCount(body, 'max_tokens', { least: 1, most: MOST_TOKENS });
  if (maxTokens === undefined) throw new Refusal(400, 'max_tokens: Field required', { param: 'max_tokens' });
  return { ...prompt, maxTokens };
}

/** The same for `count_tokens`, which needs no `max_tokens`. @throws Refusal where Anthropic would refuse it */
export function readCountedPrompt(body: JsonObject): Prompt {
  const model = requireModel(body);
  const messages = requireMessages(body, ROLES);
  const tools = objectsIn(body['tools']);
  const parts = withLastBreakpoint(
    [...tools.map(toolPart), ...systemParts(body['system']), ...messages.flatMap(messageParts)],
    body['cache_control'],
  );
  const choice = isJsonObject(body['tool_choice']) ? body['tool_choice'] : {};
  return {
    dialect: 'anthropic',
    model,
    stream: body['stream'] === true,
    includeUsage: true,
    parts,
    tokens: totalTokens(parts),
    question: questionIn(messages),
    answersToolResult: blocksOf(messages.at(-1)).some(({ type }) => type === 'tool_result'),
    tools: tools.flatMap(offeredTool),
    toolChoice: toolChoice(choice),
    parallelTools: choice['disable_parallel_tool_use'] !== true,
    format: answerFormat(body),
    maxTokens: MOST_TOKENS,
    stop: stringsIn(body['stop_sequences']).filter((text) => text !== ''),
    choices: 1,
    reasoningTokens: thinkingTokens(body),
  };
}

/** A member without its cache mark, which is no part of what is cached. */
function cacheable(member: JsonObject, part: PromptPart): PromptPart {
  const control = member['cache_control'];
  if (!isJsonObject(control)) return part;
  return { ...part, breakpoint: control['ttl'] === '1h' ? '1h' : '5m' };
}

/** `cache_control` on the request itself stands for one on its last block. */
function withLastBreakpoint(parts: PromptPart[], control: Json | undefined): PromptPart[] {
  const last = parts.at(-1);
  if (last && isJsonObject(control)) parts[parts.length - 1] = cacheable({ cache_control: control }, last);
  const breakpoints = parts.filter(({ breakpoint }) => breakpoint !== undefined).length;
  if (breakpoints <= MOST_BREAKPOINTS) return parts;
  throw new Refusal(
    400,
    `A maximum of ${MOST_BREAKPOINTS} blocks with cache_control may be provided. Found ${breakpoints}.`,
  );
}

function toolPart(tool: JsonObject): PromptPart {
  const { cache_control: _mark, ...definition } = tool;
  return cacheable(tool, textPart(JSON.stringify(definition)));
}

function systemParts(system: Json | undefined): PromptPart[] {
  if (typeof system === 'string') return [textPart(system, MESSAGE_TOKENS)];
  return objectsIn(system).map((block) => cacheable(block, textPart(asString(block['text']) ?? '', MESSAGE_TOKENS)));
}

/** A message's content as blocks; a plain text is one. */
function blocksOf(message: JsonObject | undefined): JsonObject[] {
  const content = message?.['content'];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
}

function messageParts(message: JsonObject): PromptPart[] {
  const role = textPart(asString(message['role']) ?? '', MESSAGE_TOKENS - 1);
  return [role, ...blocksOf(message).map((block) => cacheable(block, blockPart(block)))];
}

function blockPart(block: JsonObject): PromptPart {
  if (block['type'] === 'text') return textPart(asString(block['text']) ?? '');
  const { cache_control: _mark, ...bare } = block;
  const text = JSON.stringify(bare);
  const isFlat = block['type'] === 'image' || block['type'] === 'document';
  return isFlat ? { text, tokens: IMAGE_TOKENS } : textPart(text);
}

function textOf(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  return objectsIn(content)
    .flatMap((block) => asString(block['text']) ?? (block['type'] === 'tool_result' ? textOf(block['content']) : []))
    .join('\n');
}

function questionIn(messages: readonly JsonObject[]): string {
  return textOf(messages.findLast(({ role }) => role === 'user')?.['content']);
}

/** Tools that the provider runs itself have no schema, and are not called. */
function offeredTool(tool: JsonObject): OfferedTool[] {
  const name = asString(tool['name']);
  const schema = tool['input_schema'];
  return name === undefined || schema === undefined ? [] : [{ name, parameters: schema }];
}

function toolChoice(choice: JsonObject): ToolChoice {
  const name = asString(choice['name']);
  if (choice['type'] === 'tool' && name !== undefined) return { name };
  return choice['type'] === 'none' || choice['type'] === 'any' ? choice['type'] : 'auto';
}

function answerFormat(body: JsonObject): Prompt['format'] {
  const config = isJsonObject(body['output_config']) ? body['output_config']['format'] : body['output_format'];
  if (!isJsonObject(config) || config['type'] !== 'json_schema') return 'text';
  return { schema: config['schema'] ?? { type: 'object' } };
}

function thinkingTokens(body: JsonObject): number {
  const thinking = body['thinking'];
  if (!isJsonObject(thinking)) return 0;
  if (thinking['type'] === 'enabled') {
    return Math.min(optionalCount(thinking, 'budget_tokens', { least: 1, most: MOST_TOKENS }) ?? 64, MOST_THINKING);
  }
  const effort = isJsonObject(body['output_config']) ? body['output_config']['effort'] : undefined;
  return thinking['type'] === 'adaptive' ? tokensOfEffort(effort ?? 'medium') : 0;
}
