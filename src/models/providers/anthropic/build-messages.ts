import { GatewayError } from '../../../core/errors.ts';
import type {
  AssistantPart,
  Message,
  ReasoningPart,
  ToolResultPart,
  UserPart,
} from '../../../core/inference/content.ts';
import type { TranslationNote } from '../../../core/inference/request.ts';
import { signatureFor } from '../../../core/inference/signatures.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { JsonObject } from '../../../core/json.ts';
import { cacheControl, contentBlocks, textBlocks } from './build-blocks.ts';
import { ToolCallIds, wireToolName } from './tool-names.ts';

/** One turn of the wire; its content is never empty. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

export interface Conversation {
  readonly system: JsonObject[];
  readonly turns: readonly Turn[];
  readonly notes: readonly TranslationNote[];
}

/** What a user's turn says where one has to stand that the client did not write. */
const OPENING = 'Begin.';
const CLOSING = 'Continue.';
const UNOPENED = `begins with the assistant; "${OPENING}" is put before it, since Anthropic asks for a user's message first`;
const UNASKED = `ends with an empty message; "${CLOSING}" is sent in its place, since Anthropic refuses empty ones`;

/**
 * The conversation as Anthropic takes it: one system prompt, a user's turn first, all results of a turn in one message
 * and before anything else in it, no empty blocks.
 * @throws capability_unsupported
 * @throws request_invalid where nothing is left to answer
 */
export function buildConversation(translation: Translation): Conversation {
  const { messages } = translation.request;
  const ids = new ToolCallIds();
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.name !== undefined) translation.lose('participant-name');
    if (message.role !== 'system') addTurn(turns, message, ids, translation);
  }
  // What is left may end with the assistant, who would then go on with its own words instead of answering.
  const isUnasked = turns.at(-1)?.role === 'assistant' && messages.at(-1)?.role !== 'assistant';
  const { system, last } = instructions(translation, isUnasked);
  if (isUnasked) turns.push({ role: 'user', content: last.length > 0 ? last : [{ type: 'text', text: CLOSING }] });
  else trimPrefill(turns, translation);
  const notes = isUnasked && last.length === 0 ? [{ field: 'messages', says: UNASKED }] : [];
  return opened(system, turns, notes);
}

interface Instructions {
  /** The system prompt. */
  readonly system: JsonObject[];
  /** What is to be answered, where instructions are. */
  readonly last: JsonObject[];
}

/**
 * All instructions, since there is one place for them: moving one there is a loss where the conversation had begun.
 * @param isUnasked those after everything else are what is to be answered
 */
function instructions(translation: Translation, isUnasked: boolean): Instructions {
  const { messages } = translation.request;
  const firstSpoken = messages.findIndex(({ role }) => role !== 'system');
  const lastSpoken = messages.findLastIndex(({ role }) => role !== 'system');
  const system: JsonObject[] = [];
  const last: JsonObject[] = [];
  for (const [at, message] of messages.entries()) {
    const blocks = message.role === 'system' ? message.content.flatMap(textBlocks) : [];
    const isLast = isUnasked && at > lastSpoken;
    (isLast ? last : system).push(...blocks);
    if (blocks.length === 0 || firstSpoken < 0 || at < firstSpoken) continue;
    translation.lose('system-mid-conversation', isLast ? "is sent as the user's message, to be answered" : undefined);
  }
  return { system, last };
}

type Spoken = Exclude<Message, { role: 'system' }>;

function addTurn(turns: Turn[], message: Spoken, ids: ToolCallIds, translation: Translation): void {
  const { role } = message;
  const content =
    role === 'user'
      ? message.content.flatMap((part) => userBlocks(part, ids, translation))
      : assistantBlocks(message.content, ids, translation);
  if (content.length === 0) return;
  const last = turns.at(-1);
  // Results have to follow their calls at once, and a system message between them is gone by now.
  if (role === 'user' && last?.role === 'user' && content.some(isToolResult)) last.content.push(...content);
  else turns.push({ role, content });
  if (role === 'user') sortBlocks(turns.at(-1)?.content ?? [], isToolResult);
}

/** Puts the blocks that `first` is true of before the others, each kind in its own order. */
function sortBlocks(content: JsonObject[], first: (block: JsonObject) => boolean): void {
  const sorted = [...content.filter(first), ...content.filter((block) => !first(block))];
  content.splice(0, content.length, ...sorted);
}

export function isToolResult(block: JsonObject): boolean {
  return block['type'] === 'tool_result';
}

function userBlocks(part: UserPart, ids: ToolCallIds, translation: Translation): JsonObject[] {
  switch (part.type) {
    case 'audio':
      translation.lose('audio-input');
      return [];
    case 'tool-result':
      return [toolResult(part, ids, translation)];
    default:
      return contentBlocks(part, translation);
  }
}

function toolResult(part: ToolResultPart, ids: ToolCallIds, translation: Translation): JsonObject {
  const [only, ...others] = part.content;
  const content =
    only?.type === 'text' && others.length === 0 && !only.cache
      ? only.text
      : part.content.flatMap((inner) => contentBlocks(inner, translation));
  return {
    type: 'tool_result',
    tool_use_id: ids.ofResult(part.toolCallId),
    ...(content.length === 0 ? {} : { content }),
    ...(part.isError ? { is_error: true } : {}),
    ...cacheControl(part.cache),
  };
}

function assistantBlocks(parts: readonly AssistantPart[], ids: ToolCallIds, translation: Translation): JsonObject[] {
  const blocks = parts.flatMap((part) => assistantBlock(part, ids, translation));
  // Anthropic wants the results right after the calls, so nothing may follow them in their own turn.
  sortBlocks(blocks, ({ type }) => type !== 'tool_use');
  if (!blocks.every(isThinking)) return blocks;
  // A turn of thinking alone is refused.
  if (blocks.length > 0) translation.lose('reasoning-history', 'is left out where nothing follows it in its turn');
  return [];
}

export function isThinking({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

function assistantBlock(part: AssistantPart, ids: ToolCallIds, translation: Translation): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part);
    case 'refusal':
      return textBlocks({ type: 'text', text: part.text });
    case 'reasoning':
      return thinkingBlocks(part, translation);
    default: {
      const { input, exact } = parseArguments(part.argumentsText);
      if (!exact) translation.lose('tool-arguments-not-json');
      const name = wireToolName(part.name);
      return [{ type: 'tool_use', id: ids.ofCall(part.id), name, input, ...cacheControl(part.cache) }];
    }
  }
}

/** Proofs of other protocols are not Anthropic's to check, and reasoning without one of its own is left out. */
function thinkingBlocks({ text, signature, redacted }: ReasoningPart, translation: Translation): JsonObject[] {
  const sealed = redacted === undefined ? undefined : signatureFor('anthropic', redacted);
  if (sealed !== undefined) return [{ type: 'redacted_thinking', data: sealed }];
  const proof = signature === undefined || signature === UNSIGNED ? undefined : signatureFor('anthropic', signature);
  if (proof !== undefined) return [{ type: 'thinking', thinking: text, signature: proof }];
  if (text !== '' || redacted !== undefined) translation.lose('reasoning-history');
  return [];
}

/** What the model is to continue may not end in whitespace. */
function trimPrefill(turns: Turn[], translation: Translation): void {
  const last = turns.at(-1);
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  if (typeof block?.['text'] !== 'string' || block['text'] === block['text'].trimEnd()) return;
  translation.lose('prefill');
  block['text'] = block['text'].trimEnd();
}

function opened(system: JsonObject[], turns: Turn[], notes: TranslationNote[]): Conversation {
  if (turns[0]?.role === 'user') return { system, turns, notes };
  if (turns.length > 0) {
    const opening: Turn = { role: 'user', content: [{ type: 'text', text: OPENING }] };
    return { system, turns: [opening, ...turns], notes: [...notes, { field: 'messages', says: UNOPENED }] };
  }
  if (system.length === 0) {
    const message = '`messages` has no text, image, document or tool call. Anthropic has nothing to answer.';
    throw new GatewayError('request_invalid', { message, param: 'messages' });
  }
  const says = "has instructions alone; they are sent as the user's message, since Anthropic asks for one";
  return { system: [], turns: [{ role: 'user', content: system }], notes: [...notes, { field: 'messages', says }] };
}
