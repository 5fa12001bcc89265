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

const ROLES: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
const IMAGE_TOKENS = 765;
const LOW_DETAIL_IMAGE_TOKENS = 85;
/** What a provider puts before the answer. */
const PRIMING_TOKENS = 3;
const MOST_TOKENS = 10_000_000;
const MOST_CHOICES = 128;

/** Reads a chat completions request. @throws Refusal where OpenAI would refuse it */
export function readOpenAiPrompt(body: JsonObject): Prompt {
  const model = requireModel(body);
  const messages = requireMessages(body, ROLES);
  const tools = objectsIn(body['tools']);
  const parts = [...toolParts(tools), ...messages.flatMap(messageParts)];
  const bounds = { least: 1, most: MOST_TOKENS };
  const maxTokens = optionalCount(body, 'max_completion_tokens', bounds) ?? optionalCount(body, 'max_tokens', bounds);
  const options = body['stream_options'];
  const last = messages.at(-1);
  return {
    dialect: 'openai',
    model,
    stream: body['stream'] === true,
    includeUsage: isJsonObject(options) && options['include_usage'] === true,
    parts,
    tokens: totalTokens(parts) + PRIMING_TOKENS,
    question: questionIn(messages),
    answersToolResult: last?.['role'] === 'tool' || last?.['role'] === 'function',
    tools: tools.flatMap(offeredTool),
    toolChoice: toolChoice(body['tool_choice']),
    parallelTools: body['parallel_tool_calls'] !== false,
    format: answerFormat(body['response_format']),
    maxTokens: maxTokens ?? MOST_TOKENS,
    stop: stringsIn(body['stop']).filter((text) => text !== ''),
    choices: optionalCount(body, 'n', { least: 1, most: MOST_CHOICES }) ?? 1,
    reasoningTokens: tokensOfEffort(body['reasoning_effort']),
  };
}

function toolParts(tools: readonly JsonObject[]): PromptPart[] {
  return tools.map((tool) => textPart(JSON.stringify(tool)));
}

function messageParts(message: JsonObject): PromptPart[] {
  const role = textPart(asString(message['role']) ?? '', MESSAGE_TOKENS - 1);
  const { content, tool_calls: calls } = message;
  const said = typeof content === 'string' ? [textPart(content)] : objectsIn(content).map(contentPart);
  return [role, ...said, ...objectsIn(calls).map((call) => textPart(JSON.stringify(call)))];
}

function contentPart(part: JsonObject): PromptPart {
  const text = asString(part['text']) ?? asString(part['refusal']);
  if (text !== undefined) return textPart(text);
  const image = part['image_url'];
  const isLow = isJsonObject(image) && image['detail'] === 'low';
  return { text: JSON.stringify(part), tokens: isLow ? LOW_DETAIL_IMAGE_TOKENS : IMAGE_TOKENS };
}

function textOf(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  return objectsIn(content)
    .flatMap((part) => asString(part['text']) ?? [])
    .join('\n');
}

function questionIn(messages: readonly JsonObject[]): string {
  const asked = messages.findLast(({ role }) => role === 'user' || role === 'tool' || role === 'function');
  return textOf(asked?.['content']);
}

function offeredTool(tool: JsonObject): OfferedTool[] {
  const definition = tool['function'];
  const name = isJsonObject(definition) ? asString(definition['name']) : undefined;
  if (!isJsonObject(definition) || name === undefined) return [];
  return [{ name, parameters: definition['parameters'] ?? { type: 'object' } }];
}

function toolChoice(choice: Json | undefined): ToolChoice {
  if (choice === 'none') return 'none';
  if (choice === 'required') return 'any';
  const named =
    isJsonObject(choice) && isJsonObject(choice['function']) ? asString(choice['function']['name']) : undefined;
  return named === undefined ? 'auto' : { name: named };
}

function answerFormat(format: Json | undefined): Prompt['format'] {
  if (!isJsonObject(format)) return 'text';
  if (format['type'] === 'json_object') return 'json';
  const wrapper = format['json_schema'];
  if (format['type'] !== 'json_schema' || !isJsonObject(wrapper)) return 'text';
  return { schema: wrapper['schema'] ?? { type: 'object' } };
}
