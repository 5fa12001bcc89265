import { type Json, type JsonObject, isJsonObject, parseJson } from '../../../core/json.ts';

/** Where the dialects have what is said; of OpenAI's and Anthropic's chats, Gemini's, responses, completions, ranks. */
const MESSAGES = ['messages', 'contents', 'input'] as const;
const TEXTS = ['input', 'prompt', 'query', 'documents', 'inputs', 'texts', 'text'] as const;

/** Members that are no text anybody wrote: what they are called, what they are of, files, vectors, proofs. */
const NO_TEXT = new Set(
  `type role id object model status detail format index cache_control annotations
   call_id tool_call_id tool_use_id item_id response_id responseId file_id system_fingerprint modelVersion
   finish_reason stop_reason finishReason service_tier usage usageMetadata logprobs
   mime_type media_type mimeType filename data file_data url image_url audio embedding b64_json
   signature thoughtSignature encrypted_content`.split(/\s+/),
);

const MAX_DEPTH = 64;
/** A text that is no JSON, or only the beginning of it, is looked through up to here. */
const MAX_BROKEN_CHARS = 100_000;

/**
 * What a request says that was not said before: the messages after the last one of the model. The whole of it where it
 * is no conversation.
 */
export function newMessages(input: Json): Json {
  if (!isJsonObject(input)) return input;
  const messages = MESSAGES.map((name) => input[name]).find((value) => Array.isArray(value));
  if (Array.isArray(messages)) {
    const fresh = messages.slice(messages.findLastIndex(isOfModel) + 1);
    return fresh.length > 0 ? fresh : messages.slice(-1);
  }
  const texts = TEXTS.flatMap((name) => (input[name] === undefined ? [] : [input[name]]));
  return texts.length > 0 ? texts : input;
}

/** An answer that was given, or a step towards one: calls of tools and reasoning have no role in responses. */
function isOfModel(message: Json): boolean {
  if (!isJsonObject(message)) return false;
  const { role, type } = message;
  return role === 'assistant' || role === 'model' || (typeof type === 'string' && /_call$|^reasoning$/.test(type));
}

function isInstruction(message: Json): boolean {
  return isJsonObject(message) && (message['role'] === 'system' || message['role'] === 'developer');
}

/** The texts in JSON, no more than so many characters of all; instructions come last, being the same each time. */
export function textsIn(value: Json, maxChars: number): string[] {
  const found = new FoundTexts(maxChars);
  const isOfMessages = Array.isArray(value) && value.some(isInstruction);
  if (!isOfMessages) found.take(value, 0);
  else {
    found.take(
      value.filter((message) => !isInstruction(message)),
      0,
    );
    found.take(value.filter(isInstruction), 0);
  }
  return found.texts;
}

class FoundTexts {
  readonly texts: string[] = [];
  #room: number;

  constructor(maxChars: number) {
    this.#room = maxChars;
  }

  take(value: Json | undefined, depth: number): void {
    if (this.#room <= 0 || depth > MAX_DEPTH) return;
    if (typeof value === 'string') this.#add(decoded(value));
    else if (Array.isArray(value)) for (const member of value) this.take(member, depth + 1);
    else if (isJsonObject(value)) this.#takeMembers(value, depth);
  }

  #takeMembers(value: JsonObject, depth: number): void {
    for (const [name, member] of Object.entries(value)) {
      if (!NO_TEXT.has(name)) this.take(member, depth + 1);
    }
  }

  /** Never half of a character. */
  #add(text: string): void {
    if (text === '' || text.startsWith('data:')) return;
    const isWhole = text.length <= this.#room;
    const end = isWhole || !isHighSurrogate(text, this.#room - 1) ? this.#room : this.#room - 1;
    this.texts.push(isWhole ? text : text.slice(0, end));
    this.#room -= text.length;
  }
}

/** Arguments of tools are JSON in a text, in which some models write Chinese as escapes. */
function decoded(text: string): string {
  if (!/^\s*[{[]/.test(text) || !text.includes(String.raw`\u`)) return text;
  const value = parseJson(text);
  return value === undefined ? text : JSON.stringify(value);
}

/** What the beginning of a body says that was cut: its texts, as far as they are whole, without the names of members. */
export function textsOfBroken(text: string): Json {
  if (!/^\s*[{[]/.test(text)) return text;
  const literals = text.slice(0, MAX_BROKEN_CHARS).matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g);
  return [...literals].flatMap(([whole, , isName]) => {
    const value = isName === undefined ? parseJson(whole) : undefined;
    return typeof value === 'string' ? [value] : [];
  });
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00;
}
