import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../core/json.ts';

/**
 * Messages and their parts, as the conventions' JSON schemas have them. Media are named, never copied.
 * @see https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-input-messages.json
 */
export interface Part extends JsonObject {
  type: string;
}

export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
}

/** Roles that the conventions call otherwise. */
const ROLES: Readonly<Record<string, string>> = { model: 'assistant', function: 'tool' };

/** A message of any dialect; what is no message becomes one without parts. */
export function fromMessage(value: Json | undefined): Message {
  if (!isJsonObject(value)) return { role: 'user', parts: [] };
  const role = asString(value['role']);
  // Items of the Responses API that are no messages: calls, their results, reasoning.
  if (role === undefined && asString(value['type']) !== undefined) return fromItem(value);
  const parts = [
    ...reasoningParts(value['reasoning'] ?? value['reasoning_content']),
    ...(role === 'tool' && asString(value['tool_call_id']) !== undefined
      ? [resultPart(value['tool_call_id'], value['content'])]
      : partsOf(value['content'] ?? value['parts'])),
    ...refusalParts(value['refusal']),
    ...asArray(value['tool_calls']).map(openAiCall),
  ];
  return { role: roleOf(role ?? 'user', parts), parts };
}

/** What a message holds: a text, or a list of parts of any dialect. */
export function partsOf(content: Json | undefined): Part[] {
  if (typeof content === 'string') return [textPart(content)];
  return asArray(content).map(partOf);
}

export function textPart(content: string): Part {
  return { type: 'text', content };
}

function reasoningParts(value: Json | undefined): Part[] {
  return typeof value === 'string' && value !== '' ? [{ type: 'reasoning', content: value }] : [];
}

function refusalParts(value: Json | undefined): Part[] {
  return typeof value === 'string' && value !== '' ? [{ type: 'refusal', content: value }] : [];
}

/** OpenAI's `tool_calls[]`, and what is kept of a stream. */
function openAiCall(value: Json): Part {
  const call = isJsonObject(value) ? value : {};
  const called = isJsonObject(call['function']) ? call['function'] : call;
  return callPart(call['id'], called['name'], called['arguments']);
}

export function asArray(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function partOf(value: Json): Part {
  if (typeof value === 'string') return textPart(value);
  if (!isJsonObject(value)) return { type: 'unknown' };
  const type = asString(value['type']);
  const text = asString(value['text']) ?? asString(value['thinking']) ?? asString(value['refusal']);
  if (type === 'thinking' || value['thought'] === true) return { type: 'reasoning', content: text ?? '' };
  if (type === 'tool_use') return callPart(value['id'], value['name'], value['input']);
  if (type === 'tool_result') return resultPart(value['tool_use_id'], value['content']);
  if (text !== undefined) return type === 'refusal' ? { type, content: text } : textPart(text);
  return geminiPart(value) ?? conversePart(value) ?? { type: type ?? mediaType(value) };
}

function geminiPart(value: JsonObject): Part | undefined {
  const call = value['functionCall'] ?? value['function_call'];
  if (isJsonObject(call)) return callPart(call['id'], call['name'], call['args']);
  const result = value['functionResponse'] ?? value['function_response'];
  if (isJsonObject(result)) return resultPart(result['id'] ?? result['name'], result['response']);
  return undefined;
}

function conversePart({ toolUse, reasoningContent }: JsonObject): Part | undefined {
  if (isJsonObject(toolUse)) return callPart(toolUse['toolUseId'], toolUse['name'], toolUse['input']);
  const reasoning = isJsonObject(reasoningContent) ? reasoningContent['reasoningText'] : undefined;
  return isJsonObject(reasoning) ? { type: 'reasoning', content: asString(reasoning['text']) ?? '' } : undefined;
}

/** Items of the Responses API. */
function fromItem(item: JsonObject): Message {
  const type = asString(item['type']) ?? '';
  if (type === 'function_call') {
    return { role: 'assistant', parts: [callPart(item['call_id'], item['name'], item['arguments'])] };
  }
  if (type === 'function_call_output') return { role: 'tool', parts: [resultPart(item['call_id'], item['output'])] };
  if (type === 'reasoning') return { role: 'assistant', parts: asArray(item['summary']).map(summaryPart) };
  return { role: 'assistant', parts: [{ type }] };
}

function summaryPart(value: Json): Part {
  return { type: 'reasoning', content: (isJsonObject(value) ? asString(value['text']) : undefined) ?? '' };
}

function callPart(id: Json | undefined, name: Json | undefined, given: Json | undefined): Part {
  // Most dialects send arguments as a text with JSON in it.
  const args = typeof given === 'string' ? (parseJson(given) ?? given) : (given ?? null);
  return { type: 'tool_call', id: asString(id) ?? null, name: asString(name) ?? '', arguments: args };
}

function resultPart(id: Json | undefined, given: Json | undefined): Part {
  const response = Array.isArray(given) ? partsOf(given) : (given ?? null);
  return { type: 'tool_call_response', id: asString(id) ?? null, response };
}

/** A message that holds nothing but results is the tool's, whoever carries it in the dialect. */
function roleOf(role: string, parts: readonly Part[]): string {
  if (parts.length > 0 && parts.every(({ type }) => type === 'tool_call_response')) return 'tool';
  return ROLES[role] ?? role;
}

/** Gemini and Converse name what a part is by its key: `inlineData`, `fileData`, `image`. */
function mediaType(value: JsonObject): string {
  return Object.keys(value)[0] ?? 'unknown';
}
