import { digitsOf, parseExact } from '../../../core/inference/exact-json.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { MOST_HELD_LOOK } from '../scan/scanner.ts';
import type { AnswerState, ScanningRun } from './guard-run.ts';
import { ScanWindow } from './scan-window.ts';
import { type Steps, otherWork, piecesOf } from './steps.ts';

/** Units of texts that are looked at without a pause. */
const AT_ONCE = 8192;

/** Deeper ones are looked at as plain text. */
const MOST_DEPTH = 64;

/** The arguments of a call, read. */
export function parsedArguments(text: string): JsonObject | undefined {
  try {
    const value = parseExact(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Looks at the arguments of a call as a tool would read them: at the texts, names and numbers in the JSON. What is no
 * JSON object is looked at as it stands.
 */
export class CalledArguments {
  readonly #runs: readonly ScanningRun[];
  readonly #state: AnswerState;
  #sincePause = 0;

  constructor(runs: readonly ScanningRun[], state: AnswerState) {
    this.#runs = runs;
    this.#state = state;
  }

  /** Looks at the name of the tool, which nothing can be taken out of: what is called by another name is another tool. */
  *name(name: string): Steps {
    yield* this.#text(
      name,
      this.#runs.filter(({ use }) => use.action !== 'redact'),
    );
  }

  /** @returns the arguments as they may go on: the very text where nothing is replaced */
  *screen(text: string): Steps<string> {
    if (this.#runs.length === 0) return text;
    const value = parsedArguments(text);
    if (!value || !isWithin(value, MOST_DEPTH)) return yield* this.#text(text);
    const screened = yield* this.#value(value);
    return screened === value && !hasDoubledKeys(text, value) ? text : JSON.stringify(screened);
  }

  /** The very value where nothing in it is replaced. */
  *#value(value: Json): Steps<Json> {
    if (typeof value === 'string') return yield* this.#text(value);
    if (Array.isArray(value)) return yield* this.#list(value);
    const digits = digitsOf(value);
    if (digits !== undefined) return yield* this.#number(value, digits);
    if (isJsonObject(value)) return yield* this.#object(value);
    return typeof value === 'number' ? yield* this.#number(value, String(value)) : value;
  }

  *#list(list: Json[]): Steps<Json> {
    let isSame = true;
    const screened: Json[] = [];
    for (const one of list) {
      const value = yield* this.#value(one);
      isSame &&= value === one;
      screened.push(value);
    }
    return isSame ? list : screened;
  }

  *#object(object: JsonObject): Steps<Json> {
    let isSame = true;
    const entries: [string, Json][] = [];
    for (const name of Object.keys(object)) {
      const one = object[name] ?? null;
      const key = yield* this.#text(name);
      const value = yield* this.#value(one);
      isSame &&= key === name && value === one;
      entries.push([key, value]);
    }
    return isSame ? object : Object.fromEntries(entries);
  }

  *#number(value: Json, text: string): Steps<Json> {
    const screened = yield* this.#text(text);
    return screened === text ? value : screened;
  }

  *#text(text: string, runs = this.#runs): Steps<string> {
    if (this.#state.stop || runs.length === 0) return text;
    const window = new ScanWindow({ runs, state: this.#state, holdBack: MOST_HELD_LOOK });
    let out = '';
    for (const piece of piecesOf(text)) {
      this.#sincePause += piece.length;
      if (this.#sincePause > AT_ONCE) {
        this.#sincePause = piece.length;
        yield otherWork();
      }
      out += window.add(piece);
    }
    return out + window.close();
  }
}

/** Readers differ in which of two equal keys they take, and the other one was not looked at. */
function hasDoubledKeys(text: string, value: Json): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)) if (colon === ':') written += 1;
  return written !== keysIn(value);
}

function keysIn(value: Json): number {
  if (typeof value !== 'object' || value === null || digitsOf(value) !== undefined) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const one of Object.values(value)) if (one !== undefined) count += keysIn(one);
  return count;
}

function isWithin(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null || digitsOf(value) !== undefined) return true;
  if (depth === 0) return false;
  return Object.values(value).every((one) => one === undefined || isWithin(one, depth - 1));
}
