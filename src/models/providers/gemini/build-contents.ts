import { GatewayError } from '../../../core/errors.ts';
import type { Message, ToolResultPart, UserPart } from '../../../core/inference/content.ts';
import type { JsonObject } from '../../../core/json.ts';
import { systemTexts } from '../system-texts.ts';
import { modelParts } from './build-model-turn.ts';
import { textParts, userParts } from './build-parts.ts';
import { resultParts } from './build-results.ts';
import type { Building } from './building.ts';
import { wireToolName } from './tool-names.ts';

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

export interface Conversation {
  /** The system instruction's texts. */
  readonly system: string[];
  readonly contents: readonly Content[];
}

/**
 * The conversation as Gemini takes it: instructions apart, the others by turns, and results of tools in a content of
 * their own behind the calls.
 * @throws capability_unsupported
 * @throws request_invalid where nothing is left to answer
 */
export function buildContents(building: Building): Conversation {
  const { translation } = building;
  const { messages } = translation.request;
  const contents: Content[] = [];
  const names = new Map<string, string>();
  const question = lastQuestion(messages);
  for (const [at, message] of messages.entries()) {
    if (message.name !== undefined) translation.lose('participant-name');
    if (message.role === 'assistant') {
      for (const part of message.content) if (part.type === 'tool-call') names.set(part.id, wireToolName(part.name));
      add(contents, 'model', modelParts(message.content, at > question, building));
    } else if (message.role === 'user') addUser(contents, message.content, names, building);
  }
  if (messages.at(-1)?.role === 'assistant') translation.lose('prefill');
  return asked(systemTexts(translation), contents, building);
}

/** Where the current turn begins: the last message of a user that is more than results. */
function lastQuestion(messages: readonly Message[]): number {
  return messages.findLastIndex(
    (message) => message.role === 'user' && message.content.some(({ type }) => type !== 'tool-result'),
  );
}

function addUser(
  contents: Content[],
  parts: readonly UserPart[],
  names: ReadonlyMap<string, string>,
  building: Building,
): void {
  const results = parts.filter((part): part is ToolResultPart => part.type === 'tool-result');
  const built = results.map((result) => resultParts(result, names.get(result.toolCallId), building));
  if (built.length > 0) contents.push({ role: 'user', parts: built.map(({ response }) => response) });
  const said = parts.flatMap((part) => (part.type === 'tool-result' ? [] : userParts(part, building.translation)));
  add(contents, 'user', [...built.flatMap(({ behind }) => behind), ...said]);
}

/** Turns of one side that follow each other are one; results stay by themselves. */
function add(contents: Content[], role: Content['role'], parts: JsonObject[]): void {
  const last = contents.at(-1);
  if (parts.length === 0) return;
  const isMore = last?.role === role && last.parts.every(({ functionResponse: result }) => result === undefined);
  if (isMore) last.parts.push(...parts);
  else contents.push({ role, parts });
}

function asked(system: string[], contents: readonly Content[], { notes }: Building): Conversation {
  if (contents.length > 0) return { system, contents };
  if (system.length === 0) {
    const message = '`messages` has no text, image, document or tool call. Gemini has nothing to answer.';
    throw new GatewayError('request_invalid', { message, param: 'messages' });
  }
  const says = "has instructions alone; they are sent as the user's message, since Gemini asks for one";
  notes.push({ field: 'messages', says });
  return { system: [], contents: [{ role: 'user', parts: system.flatMap(textParts) }] };
}
