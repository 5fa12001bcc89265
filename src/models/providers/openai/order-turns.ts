import type { Json, JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';

/** What the assistant says where a server wants it to speak between a tool's result and the user. */
const BRIDGE = 'Understood.';
const BRIDGED = `has a user's message behind results of tools; the assistant's "${BRIDGE}" is put between them, since this provider asks for it`;
const ALTERNATED = 'has messages of the same side joined into one, since this provider takes the two sides in turns';
const MOVED = 'is moved to the beginning, the only place where this provider takes instructions';

/** The messages in an order that the server takes. */
export function orderTurns(messages: JsonObject[], building: Building): JsonObject[] {
  switch (building.quirks.turns) {
    case 'bridged':
      return messages.flatMap((message, at) =>
        message['role'] === 'user' && messages[at - 1]?.['role'] === 'tool' ? [bridge(building), message] : [message],
      );
    case 'alternate':
      return alternated(instructionsFirst(messages, building), building);
    default:
      return messages;
  }
}

function bridge(building: Building): JsonObject {
  building.noteMessages(BRIDGED);
  return { role: 'assistant', content: BRIDGE };
}

function isInstruction({ role }: JsonObject): boolean {
  return role === 'system';
}

function instructionsFirst(messages: readonly JsonObject[], building: Building): JsonObject[] {
  const begun = messages.findIndex((message) => !isInstruction(message));
  if (begun >= 0 && messages.slice(begun).some(isInstruction)) building.note('system-mid-conversation', MOVED);
  return [...messages.filter(isInstruction), ...messages.filter((message) => !isInstruction(message))];
}

function alternated(messages: readonly JsonObject[], building: Building): JsonObject[] {
  const turns: JsonObject[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (!last || last['role'] !== message['role'] || !isWords(last)) {
      turns.push(message);
      continue;
    }
    building.noteMessages(ALTERNATED);
    turns[turns.length - 1] = { ...last, ...message, content: joined(last['content'], message['content']) };
  }
  return turns;
}

/** Said by one of the two sides, with no call and no result. */
function isWords({ role, tool_calls: calls }: JsonObject): boolean {
  return role === 'user' || (role === 'assistant' && calls === undefined);
}

function joined(before: Json | undefined, after: Json | undefined): Json {
  if (after === null) return before ?? null;
  if (typeof before === 'string' && typeof after === 'string') return `${before}\n\n${after}`;
  return [...partsOf(before), ...partsOf(after)];
}

function partsOf(content: Json | undefined): Json[] {
  if (Array.isArray(content)) return content;
  return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : [];
}
