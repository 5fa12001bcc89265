import { hash } from 'node:crypto';

import type { Call } from '../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';

/**
 * So much of a prompt's beginning names its prefix: about the shortest that any provider caches. Requests that differ
 * only behind it still share that much, so a date at the end of a long system prompt must not tell them apart.
 */
const MOST_CHARS = 4096;
const MOST_KEY_CHARS = 22;
/** What is nested deeper is not read: no prompt is, and a walk without end would exhaust the stack. */
const MOST_DEPTH = 64;

/** What every dialect calls that which comes before the conversation, in the order in which providers cache it. */
const HEADS = ['tools', 'functions', 'system', 'instructions', 'systemInstruction', 'system_instruction'] as const;

/** What a provider holds of the prompt is not in the body, which then tells nothing of how the prompt begins. */
const HELD_ELSEWHERE = ['previous_response_id', 'conversation', 'prompt', 'cachedContent', 'cached_content'] as const;

/**
 * Names the beginning of a chat's prompt, for its project and model alone: tools, system prompt, and the first message
 * of the user as far as they are short. The same for every turn of a conversation.
 */
export function promptPrefixOf(call: Call): string | undefined {
  const json = call.body.resolved;
  if (HELD_ELSEWHERE.some((name) => json[name] !== undefined && json[name] !== null)) return undefined;
  const beginning = new Beginning();
  for (const name of HEADS) beginning.add(json[name]);
  addOpening(beginning, json['messages'] ?? json['input'] ?? json['contents']);
  const whose = [call.principal?.project ?? '', call.facts.model].map((name) => JSON.stringify(name)).join();
  return hash('sha256', `${whose}${beginning.text}`, 'base64url').slice(0, MOST_KEY_CHARS);
}

/** Up to the first message that is the user's. */
function addOpening(beginning: Beginning, conversation: Json | undefined): void {
  if (!Array.isArray(conversation)) {
    beginning.add(conversation);
    return;
  }
  for (const message of conversation) {
    if (beginning.isFull) return;
    beginning.add(message);
    if (isJsonObject(message) && message['role'] === 'user') return;
  }
}

/** The texts of a prompt's parts one after the other, no more than are needed. */
class Beginning {
  #text = '';

  get text(): string {
    return this.#text;
  }

  get isFull(): boolean {
    return this.#text.length >= MOST_CHARS;
  }

  add(value: Json | undefined): void {
    this.#add(value, MOST_DEPTH);
  }

  #add(value: Json | undefined, depth: number): void {
    if (value === undefined || this.isFull) return;
    if (typeof value === 'string') this.#append(value);
    else if (typeof value !== 'object' || value === null) this.#append(String(value));
    else if (depth === 0) return;
    else if (Array.isArray(value)) value.forEach((item) => this.#add(item, depth - 1));
    else this.#addMembers(value, depth - 1);
  }

  /** A client moves its own breakpoints from turn to turn. */
  #addMembers(object: JsonObject, depth: number): void {
    for (const name in object) {
      if (this.isFull) return;
      if (name === 'cache_control') continue;
      this.#append(name);
      this.#add(object[name], depth);
    }
  }

  #append(text: string): void {
    this.#text += `\0${text.slice(0, MOST_CHARS - this.#text.length)}`;
  }
}
