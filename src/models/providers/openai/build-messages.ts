import type {
  AssistantPart,
  Message,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../../core/inference/content.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { buildPart, contentOf } from './build-content.ts';
import type { Building } from './building.ts';
import { wireToolId, wireToolName } from './tool-names.ts';

const ERROR = 'Error: ';

/**
 * The conversation as chat completions take it: results of tools are messages of their own, right behind the calls.
 * @throws capability_unsupported
 */
export function buildMessages(building: Building): JsonObject[] {
  const { messages } = building.request;
  const built = messages.flatMap((message) => buildMessage(message, building));
  if (messages.at(-1)?.role === 'assistant') markPrefill(built.at(-1), building);
  return built;
}

function buildMessage(message: Message, building: Building): JsonObject[] {
  const name = message.name === undefined ? {} : { name: message.name };
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: contentOf(message.content, building), ...name }];
    case 'assistant':
      return [{ ...assistantMessage(message.content, building), ...name }];
    default:
      return userMessages(message.content, name, building);
  }
}

function userMessages(parts: readonly UserPart[], name: JsonObject, building: Building): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool-result');
  const said = parts.filter((part) => part.type !== 'tool-result');
  const media = results.flatMap((result) => resultMedia(result, building));
  const content = said.length > 0 || results.length === 0 ? contentOf(said, building) : [];
  const behind = media.length === 0 ? content : [...media, ...asParts(content)];
  return [
    ...results.map((result) => resultMessage(result, building)),
    ...(behind.length > 0 || results.length === 0 ? [{ role: 'user', content: behind, ...name }] : []),
  ];
}

function asParts(content: string | JsonObject[]): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function resultMessage({ toolCallId, content, isError }: ToolResultPart, building: Building): JsonObject {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return {
    role: 'tool',
    tool_call_id: wireToolId(toolCallId, building.quirks),
    content: `${isError ? ERROR : ''}${texts.join('\n\n')}`,
  };
}

/** Images and documents of a result, with a line that says whose they are; a result itself takes text alone. */
function resultMedia({ toolCallId, content }: ToolResultPart, building: Building): JsonObject[] {
  const media = content.filter((part) => part.type !== 'text');
  if (media.length === 0) return [];
  for (const part of media)
    building.translation.lose(part.type === 'image' ? 'tool-result-image' : 'tool-result-document');
  const id = wireToolId(toolCallId, building.quirks);
  return [
    { type: 'text', text: `From the result of the tool call ${id}:` },
    ...media.flatMap((part) => buildPart(part, building)),
  ];
}

function assistantMessage(parts: readonly AssistantPart[], building: Building): JsonObject {
  const texts = parts.filter((part) => part.type === 'text');
  const refusal = joined(parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])));
  const calls = parts.filter((part) => part.type === 'tool-call');
  const content: Json = texts.length > 0 ? contentOf(texts, building) : calls.length > 0 || refusal ? null : '';
  return {
    role: 'assistant',
    content,
    ...(refusal ? { refusal } : {}),
    ...reasoningHistory(
      parts.filter((part) => part.type === 'reasoning'),
      building,
    ),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => toolCall(call, building)) }),
  };
}

function toolCall({ id, name, argumentsText }: ToolCallPart, { quirks }: Building): JsonObject {
  // An empty text is no JSON, which some servers refuse.
  const args = argumentsText.trim() === '' ? '{}' : argumentsText;
  return {
    id: wireToolId(id, quirks),
    type: 'function',
    function: { name: wireToolName(name), arguments: args },
  };
}

/** Reasoning goes back where the server asks for it; proofs of another provider go nowhere. */
function reasoningHistory(parts: readonly ReasoningPart[], { translation, quirks }: Building): JsonObject {
  for (const { signature, redacted } of parts) {
    if (redacted !== undefined) translation.lose('redacted-reasoning');
    else if (signature !== undefined && signature !== UNSIGNED) translation.lose('reasoning-signature');
  }
  const text = parts.map((part) => part.text).join('');
  if (text === '') return {};
  if (quirks.reasoningHistory !== undefined) return { [quirks.reasoningHistory]: text };
  translation.lose('reasoning-history');
  return {};
}

function joined(texts: readonly string[]): string {
  return texts.join('');
}

/** The last message is the model's own, which it shall go on with. */
function markPrefill(message: JsonObject | undefined, { quirks, translation }: Building): void {
  if (!message) return;
  if (quirks.prefill === 'prefix' || quirks.prefill === 'partial') message[quirks.prefill] = true;
  else if (quirks.prefill === undefined) translation.lose('prefill');
}
