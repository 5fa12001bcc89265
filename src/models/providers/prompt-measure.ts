import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';

/** A prompt has at most about one token in so many bytes of UTF-8: what is called long enough then is. */
const BYTES_A_TOKEN = 4;
/** What is nested deeper is not read: no prompt is, and a walk without end would exhaust the stack. */
const MOST_DEPTH = 64;

/**
 * Tells from which point on a prompt is at least so many tokens long, by its bytes. Nothing is read beyond that point,
 * so that a long prompt costs no more than a short one.
 */
export class PromptMeasure {
  #left: number;

  constructor(tokens: number) {
    this.#left = tokens * BYTES_A_TOKEN;
  }

  get isReached(): boolean {
    return this.#left <= 0;
  }

  /** Counts what comes next; true where the prompt is long enough up to here. */
  add(value: Json | undefined): boolean {
    return this.#add(value, MOST_DEPTH);
  }

  #add(value: Json | undefined, depth: number): boolean {
    if (this.isReached) return true;
    if (typeof value === 'string') this.#addText(value);
    else if (depth === 0) return false;
    else if (Array.isArray(value)) value.some((item) => this.#add(item, depth - 1));
    else if (isJsonObject(value)) this.#addMembers(value, depth - 1);
    return this.isReached;
  }

  #addMembers(object: JsonObject, depth: number): void {
    for (const name in object) {
      this.#left -= name.length;
      if (this.#add(object[name], depth)) return;
    }
  }

  #addText(text: string): void {
    // A character is a byte or more.
    this.#left -= text.length >= this.#left ? text.length : Buffer.byteLength(text);
  }
}
