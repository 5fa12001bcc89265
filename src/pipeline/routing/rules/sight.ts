import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { CONVERSATIONS, type ConversationTexts, SYSTEMS, readTexts } from '../complexity/read-texts.ts';
import { type Script, scriptOf } from '../../../core/texts/script.ts';
import { isSensitive } from './sensitive.ts';
import { textLength } from './text-length.ts';

/** What conditions ask of a request, each found out when it is first asked for. */
export class Sight {
  readonly call: Call;
  #texts: ConversationTexts | undefined;
  #length: number | undefined;
  #language: { readonly is: Script | undefined } | undefined;
  #isSensitive: boolean | undefined;

  constructor(call: Call) {
    this.call = call;
  }

  /** A key that belongs to somebody cannot be used in another one's name. */
  get user(): string | undefined {
    return this.call.principal?.user ?? this.call.facts.user;
  }

  /** @throws request_invalid where the body cannot be read, as all that follow */
  get length(): number {
    this.#length ??= lengthOf(this.call);
    return this.#length;
  }

  get messages(): number {
    return this.#read().messages;
  }

  /** Of what the user said last. */
  get language(): Script | undefined {
    this.#language ??= { is: scriptOf(this.#read().asked) };
    return this.#language.is;
  }

  get sensitive(): boolean {
    this.#isSensitive ??= isSensitive(this.call);
    return this.#isSensitive;
  }

  get tools(): boolean {
    const { operation, needs, body } = this.call;
    return operation === 'token-count' ? hasSome(promptOf(body.resolved)['tools']) : needs.tools;
  }

  get images(): boolean {
    const { operation, needs, body } = this.call;
    if (operation === 'token-count') return hasImages(body.resolved, 0);
    return needs.vision || operation === 'image-edit' || operation === 'image-variation';
  }

  #read(): ConversationTexts {
    this.#texts ??= textsOf(this.call);
    return this.#texts;
  }
}

/** What requests have that are for something else than a chat. */
const OTHER_TEXTS = ['input', 'prompt', 'query', 'documents'] as const;

function lengthOf({ operation, dialect, body }: Call): number {
  const isChat = operation === 'chat' || operation === 'token-count';
  const request = isChat ? promptOf(body.resolved) : body.resolved;
  const names = isChat ? [...SYSTEMS, CONVERSATIONS[dialect]] : OTHER_TEXTS;
  let length = 0;
  for (const name of names) length += textLength(request[name]);
  return length;
}

function textsOf({ operation, dialect, body }: Call): ConversationTexts {
  const { resolved } = body;
  if (operation === 'chat' || operation === 'token-count') return readTexts(dialect, promptOf(resolved));
  const content = resolved['input'] ?? resolved['prompt'] ?? resolved['query'];
  return readTexts('openai', { messages: content === undefined ? [] : [{ role: 'user', content }] });
}

/** Gemini's clients may have a whole request counted. */
function promptOf(body: JsonObject): JsonObject {
  const { generateContentRequest: whole } = body;
  return isJsonObject(whole) ? whole : body;
}

function hasSome(tools: Json | undefined): boolean {
  return Array.isArray(tools) && tools.length > 0;
}

/** What the dialects call an image in a message. */
const IMAGE_TYPES: ReadonlySet<unknown> = new Set(['image', 'image_url', 'input_image']);
const MOST_DEPTH = 64;

/** Nobody says of a prompt whose tokens are to be counted what is in it. */
function hasImages(value: Json | undefined, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return false;
  if (Array.isArray(value)) return value.some((item) => hasImages(item, depth + 1));
  const media = value['mimeType'] ?? value['mime_type'];
  if (IMAGE_TYPES.has(value['type']) || (typeof media === 'string' && media.startsWith('image/'))) return true;
  return Object.values(value).some((item) => hasImages(item, depth + 1));
}
