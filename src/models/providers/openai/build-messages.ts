import type {
  AssistantPart,
  Message,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../../core/inference/content.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { buildPart, cacheControl, contentOf } from './build-content.ts';
import type { Building } from './building.ts';
import { orderTurns } from './order-turns.ts';
import { wireToolId, wireToolName } from './tool-names.ts';

const ERROR = 'Error: ';

/**
 * The conversation as chat completions take it: results of tools are messages of their own, right behind the calls.
 * @param instruction what the gateway itself has to say to the model
 * @throws capability_unsupported
 */
export function buildMessages(building: Building, instruction: string | undefined): JsonObject[] {
  const { messages } = building.request;
  const own = instruction === undefined ? [] : [{ role: 'system', content: instruction }];
  const built = [...own, ...messages.flatMap((message) => buildMessage(message, building))];
  if (messages.at(-1)?.role === 'assistant') markPrefill(built.at(-1), building);
  return orderTurns(built, building);
}

function buildMessage(message: Message, building: Building): JsonObject[] {
  const isNamed = message.name !== undefined && !building.loseUntaken('participant-name');
  const name: JsonObject = isNamed ? { name: message.name } : {};
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

function resultMessage(result: ToolResultPart, building: Building): JsonObject {
  const texts = result.content.filter((part) => part.type === 'text');
  const text = `${result.isError ? ERROR : ''}${texts.map((part) => part.text).join('\n\n')}`;
  const cache = cacheControl(result.cache ?? cacheIn(texts), building);
  return {
    role: 'tool',
    tool_call_id: wireToolId(result.toolCallId, building.quirks),
    content: cache['cache_control'] ? [{ type: 'text', text, ...cache }] : text,
  };
}

function cacheIn(texts: readonly TextPart[]): TextPart['cache'] {
  return texts.findLast(({ cache }) => cache !== undefined)?.cache;
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
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('');
  const calls = parts.filter((part) => part.type === 'tool-call');
  const reasoning = parts.filter((part) => part.type === 'reasoning');
  // Texts of one answer may be pieces of one sentence, so that nothing is put between them.
  const content: Json = texts.length > 0 ? contentOf(texts, building, '') : calls.length > 0 || refusal ? null : '';
  return {
    role: 'assistant',
    content,
    ...(refusal ? { refusal } : {}),
    ...reasoningHistory(reasoning, building),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => toolCall(call, building)) }),
  };
}

function toolCall({ id, name, argumentsText }: ToolCallPart, { quirks }: Building): JsonObject {
  // An empty text is no JSON, which some servers refuse.
  const args = argumentsText.trim() === '' ? '{}' : argumentsText;
  return {
    id: wireToolId(id, quirks),
    type: 'function',
    function: { name: wireToolName(name, quirks), arguments: args },
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

/** The last message is the model's own, which it shall go on with. */
function markPrefill(message: JsonObject | undefined, building: Building): void {
  const { prefill } = building.quirks;
  if (prefill === 'refused') {
    throw building.refused('prefill', "is the assistant's, and this provider answers only a message of the user");
  }
  if (prefill === undefined) building.translation.lose('prefill');
  else if (message && (prefill === 'prefix' || prefill === 'partial')) message[prefill] = true;
}
