import { GatewayError } from '../../../core/errors.ts';
import type { AssistantPart, Message, UserPart } from '../../../core/inference/content.ts';
import type { JsonObject } from '../../../core/json.ts';
import { textBlocks } from './build-blocks.ts';
import { assistantBlocks, userBlocks } from './build-parts.ts';
import type { Building } from './building.ts';
import { isCachePoint } from './cache-points.ts';

/** One turn of the wire; its content is never empty. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

export interface Conversation {
  readonly system: JsonObject[];
  readonly turns: Turn[];
}

/** What a user's turn says where one has to stand that the client did not write. */
const OPENING = 'Begin.';
const CLOSING = 'Continue.';
const WITH_DOCUMENT = 'See the document.';
const UNOPENED = `begins with the assistant; "${OPENING}" is put before it, since Bedrock asks for a user's message first`;
const UNASKED = `ends with an empty message; "${CLOSING}" is sent in its place, since Bedrock refuses empty ones`;
const UNTOLD = `has a document without words; "${WITH_DOCUMENT}" is put behind it, since Bedrock asks for some`;
const ALONE = "has instructions alone; they are sent as the user's message, since Bedrock asks for one";

/**
 * The conversation as Converse takes it: one system prompt, a user's turn first, turns that alternate, all results of a
 * turn before anything else in it, no empty blocks.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (checked 2026-11-21)
 * @throws capability_unsupported
 * @throws request_invalid where nothing is left to answer
 */
export function buildConversation(building: Building): Conversation {
  const { request } = building.translation;
  const { messages } = request;
  if (messages.some(({ name }) => name !== undefined)) building.translation.lose('participant-name');
  const turns = mergedTurns(spokenGroups(messages).flatMap((group) => turnOf(group, building)));
  // What is left may end with the assistant, who would then go on with its own words instead of answering.
  const isUnasked = turns.at(-1)?.role === 'assistant' && messages.at(-1)?.role !== 'assistant';
  const { system, last } = instructions(building, isUnasked);
  if (isUnasked) {
    if (last.length === 0) building.notes.push({ field: 'messages', says: UNASKED });
    turns.push({ role: 'user', content: last.length > 0 ? last : [{ text: CLOSING }] });
  } else trimPrefill(turns, building);
  const conversation = opened(system, turns, building);
  if (request.autoCache) building.cachePoints.mark(conversation.turns.at(-1)?.content ?? [], request.autoCache);
  return conversation;
}

type Spoken = Exclude<Message, { role: 'system' }>;
type Group =
  | { readonly role: 'user'; readonly parts: UserPart[] }
  | { readonly role: 'assistant'; readonly parts: AssistantPart[] };

/** Messages of the same speaker that follow each other, as one. */
function spokenGroups(messages: readonly Message[]): Group[] {
  const groups: Group[] = [];
  for (const message of messages) if (message.role !== 'system') addToGroups(groups, message);
  return groups;
}

function addToGroups(groups: Group[], { role, content }: Spoken): void {
  const last = groups.at(-1);
  if (role === 'user' && last?.role === 'user') last.parts.push(...content);
  else if (role === 'assistant' && last?.role === 'assistant') last.parts.push(...content);
  else if (role === 'user') groups.push({ role, parts: [...content] });
  else groups.push({ role, parts: [...content] });
}

function turnOf(group: Group, building: Building): Turn[] {
  const content = group.role === 'user' ? userBlocks(group.parts, building) : assistantBlocks(group.parts, building);
  if (content.some(({ document }) => document !== undefined) && !content.some(({ text }) => text !== undefined)) {
    building.notes.push({ field: 'messages', says: UNTOLD });
    content.push({ text: WITH_DOCUMENT });
  }
  return content.length === 0 ? [] : [{ role: group.role, content }];
}

/** Where nothing is left of a turn, its neighbours are of the same speaker. */
function mergedTurns(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = [];
  for (const turn of turns) {
    const last = merged.at(-1);
    if (last?.role === turn.role) last.content.push(...turn.content);
    else merged.push(turn);
  }
  return merged;
}

/**
 * All instructions, since there is one place for them: moving one there is a loss where the conversation had begun.
 * @param isUnasked those after everything else are what is to be answered
 */
function instructions(building: Building, isUnasked: boolean): { system: JsonObject[]; last: JsonObject[] } {
  const { translation, cachePoints } = building;
  const { messages } = translation.request;
  const firstSpoken = messages.findIndex(({ role }) => role !== 'system');
  const lastSpoken = messages.findLastIndex(({ role }) => role !== 'system');
  const system: JsonObject[] = [];
  const last: JsonObject[] = [];
  for (const [at, message] of messages.entries()) {
    if (message.role !== 'system') continue;
    const isLast = isUnasked && at > lastSpoken;
    const blocks = isLast ? last : system;
    const before = blocks.length;
    for (const part of message.content) {
      blocks.push(...textBlocks(part));
      cachePoints.mark(blocks, part.cache);
    }
    if (blocks.length === before || firstSpoken < 0 || at < firstSpoken) continue;
    translation.lose('system-mid-conversation', isLast ? "is sent as the user's message, to be answered" : undefined);
  }
  return { system, last };
}

/** What the model is to continue may not end in whitespace. */
function trimPrefill(turns: readonly Turn[], { translation }: Building): void {
  const last = turns.at(-1);
  const block = last?.role === 'assistant' ? last.content.findLast((one) => !isCachePoint(one)) : undefined;
  if (typeof block?.['text'] !== 'string' || block['text'] === block['text'].trimEnd()) return;
  translation.lose('prefill');
  block['text'] = block['text'].trimEnd();
}

function opened(system: JsonObject[], turns: Turn[], { notes }: Building): Conversation {
  if (turns[0]?.role === 'user') return { system, turns };
  if (turns.length > 0) {
    notes.push({ field: 'messages', says: UNOPENED });
    return { system, turns: [{ role: 'user', content: [{ text: OPENING }] }, ...turns] };
  }
  if (system.length === 0) {
    const message = '`messages` has no text, image, document or tool call. The model has nothing to answer.';
    throw new GatewayError('request_invalid', { message, param: 'messages' });
  }
  notes.push({ field: 'messages', says: ALONE });
  return { system: [], turns: [{ role: 'user', content: system }] };
}
