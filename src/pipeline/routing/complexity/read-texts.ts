import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

/** What a conversation says, measured. */
export interface ConversationTexts {
  readonly asked: string;
  readonly askedChars: number;
  readonly system: string;
  readonly systemChars: number;
  readonly turns: number;
  readonly messages: number;
  readonly chars: number;
  readonly isToolResult: boolean;
}

/** Of a long question what it begins with and what it ends with: that is where the task is said. */
const BEGINNING = 3000;
const END = 1000;
const MOST_SYSTEM = 2000;
/** Of a longer conversation the first half of that many messages and the last. */
const MOST_MESSAGES = 2000;
/** Parts of one message. */
const MOST_PARTS = 1000;

/** The names that the dialects have for what the model is told beside the conversation. */
export const SYSTEMS = ['system', 'instructions', 'systemInstruction', 'system_instruction'] as const;
export const CONVERSATIONS: Readonly<Record<Call['dialect'], string>> = {
  openai: 'messages',
  anthropic: 'messages',
  responses: 'input',
  gemini: 'contents',
};

/** Never throws: what is not as its dialect has it is passed over. */
export function readTexts(dialect: Call['dialect'], body: JsonObject): ConversationTexts {
  const reading = new Reading();
  for (const name of SYSTEMS) reading.system(body[name]);
  const conversation = body[CONVERSATIONS[dialect]];
  if (Array.isArray(conversation)) reading.conversation(conversation);
  else if (conversation !== undefined) reading.conversation([{ role: 'user', content: conversation }]);
  return reading.done();
}

class Reading {
  #asked: Pieces | undefined;
  readonly #system = new Pieces(MOST_SYSTEM, 0);
  #turns = 0;
  #messages = 0;
  #chars = 0;
  #isToolResult = false;

  system(value: Json | undefined): void {
    // Gemini's is a message of its own.
    addTexts(isJsonObject(value) ? (value['parts'] ?? value) : value, this.#system);
  }

  conversation(messages: readonly Json[]): void {
    this.#messages = messages.length;
    const half = MOST_MESSAGES / 2;
    for (let at = 0; at < messages.length; at += 1) {
      if (at === half && messages.length > MOST_MESSAGES) at = messages.length - half;
      const message = messages[at];
      if (isJsonObject(message)) this.#message(message);
    }
  }

  done(): ConversationTexts {
    return {
      asked: this.#asked?.text ?? '',
      askedChars: this.#asked?.chars ?? 0,
      system: this.#system.text,
      systemChars: this.#system.chars,
      turns: this.#turns,
      messages: this.#messages,
      chars: this.#chars + this.#system.chars,
      isToolResult: this.#isToolResult,
    };
  }

  #message(message: JsonObject): void {
    const { role, type } = message;
    const content = message['content'] ?? message['parts'] ?? message['output'];
    if (role === 'system' || role === 'developer') {
      this.system(content);
      return;
    }
    const isUsers = role === 'user' || (role === undefined && type === undefined);
    const pieces = new Pieces(isUsers ? BEGINNING : 0, isUsers ? END : 0);
    const hasResult = addTexts(content, pieces);
    this.#chars += pieces.chars;
    // What a tool says stands in a user's message in some dialects.
    this.#isToolResult = role === 'tool' || role === 'function' || type === 'function_call_output' || hasResult;
    if (!isUsers || pieces.isEmpty) return;
    this.#turns += 1;
    this.#asked = pieces;
  }
}

/** Texts one after the other, of which the beginning and the end are kept. */
class Pieces {
  /** All code units, also those that are not kept. */
  chars = 0;
  readonly #beginning: number;
  readonly #end: number;
  #text = '';
  #tail = '';
  isEmpty = true;

  constructor(beginning: number, end: number) {
    this.#beginning = beginning;
    this.#end = end;
  }

  add(text: string, isSaid: boolean): void {
    this.chars += text.length;
    if (!isSaid || text === '') return;
    this.isEmpty = false;
    const room = this.#beginning - this.#text.length;
    if (room > 0) this.#text += (this.#text === '' ? '' : '\n') + text.slice(0, room);
    const rest = text.slice(Math.max(0, room));
    if (rest !== '' && this.#end > 0) this.#tail = `${this.#tail}\n${rest.slice(-this.#end)}`.slice(-this.#end);
  }

  get text(): string {
    return this.#tail === '' ? this.#text : `${this.#text}\n${this.#tail}`;
  }
}

/** @returns whether what a tool said is among it */
function addTexts(value: Json | undefined, pieces: Pieces): boolean {
  if (typeof value === 'string') {
    pieces.add(value, true);
    return false;
  }
  if (isJsonObject(value)) return addPart(value, pieces);
  if (!Array.isArray(value)) return false;
  let hasResult = false;
  for (let at = 0; at < value.length && at < MOST_PARTS; at += 1) {
    const part = value[at];
    if (typeof part === 'string') pieces.add(part, true);
    else if (isJsonObject(part) && addPart(part, pieces)) hasResult = true;
  }
  return hasResult;
}

function addPart(part: JsonObject, pieces: Pieces): boolean {
  const { text, type, content } = part;
  if (typeof text === 'string') pieces.add(text, true);
  const isResult = type === 'tool_result' || part['functionResponse'] !== undefined;
  // Measured, as it is what the answer has to be made of, but it is nothing that the user asked.
  if (isResult) for (const inner of Array.isArray(content) ? content : [content]) addResult(inner, pieces);
  return isResult;
}

function addResult(inner: Json | undefined, pieces: Pieces): void {
  const text = isJsonObject(inner) ? inner['text'] : inner;
  if (typeof text === 'string') pieces.add(text, false);
}
