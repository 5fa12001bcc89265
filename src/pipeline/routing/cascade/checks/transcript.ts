import type { Call } from '../../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';

/** What is shown of a conversation; of a longer one what came last. Characters. */
const MOST_CHARS = 8000;
/** Parts of one message. */
const MOST_PARTS = 100;

const SYSTEMS = ['system', 'instructions', 'systemInstruction', 'system_instruction'] as const;
const CONVERSATIONS: Readonly<Record<Call['dialect'], string>> = {
  openai: 'messages',
  anthropic: 'messages',
  responses: 'input',
  gemini: 'contents',
};

/** One turn of a conversation. */
export interface Turn {
  readonly role: string;
  readonly text: string;
}

/**
 * The texts of a conversation in any dialect, the first turns left out where they are too long. Never throws: what is
 * not as its dialect has it is passed over.
 */
export function transcriptOf({ dialect, body }: Pick<Call, 'dialect' | 'body'>): Turn[] {
  const json = body.resolved;
  const turns = SYSTEMS.map((name): Turn => ({ role: 'system', text: textOf(json[name]) }));
  const conversation = json[CONVERSATIONS[dialect]];
  const messages = Array.isArray(conversation) ? conversation : [{ role: 'user', content: conversation ?? '' }];
  const said: Turn[] = [];
  let room = MOST_CHARS;
  for (let at = messages.length - 1; at >= 0 && room > 0; at -= 1) {
    const message = messages[at];
    if (!isJsonObject(message)) continue;
    const turn = turnOf(message, room);
    room -= turn.text.length;
    if (turn.text !== '') said.push(turn);
  }
  const before = turns.filter(({ text }) => text !== '').map(({ role, text }) => ({ role, text: shortened(text) }));
  return [...before, ...said.toReversed()];
}

function turnOf(message: JsonObject, room: number): Turn {
  const { role, type } = message;
  const text = textOf(message['content'] ?? message['parts'] ?? message['output']);
  const name = typeof role === 'string' ? role : typeof type === 'string' ? type : 'user';
  return { role: name, text: text.slice(-room) };
}

/** What is told to the model beforehand is no more than a quarter of it. */
function shortened(text: string): string {
  return text.slice(0, MOST_CHARS / 4);
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.slice(0, MOST_PARTS).map(partText).filter(Boolean).join('\n');
  return isJsonObject(value) ? partText(value) : '';
}

function partText(part: Json): string {
  if (typeof part === 'string') return part;
  if (!isJsonObject(part)) return '';
  if (typeof part['text'] === 'string') return part['text'];
  const inner = part['parts'] ?? part['content'];
  return typeof inner === 'string' || Array.isArray(inner) ? textOf(inner) : '';
}
