import { GatewayError } from '../../../core/errors.ts';
import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';

type Key = string | number;
/** Without a prototype, so that every name is a name. */
type Members = Record<string, Json>;

/** `.name`, `[0]`, `['name']` or `["name"]`. */
const SEGMENT = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\[("(?:[^"\\]|\\.)*")\]/gy;
const DEEPEST = 100;

/**
 * Puts the arguments of a function call together that come piece by piece, each with the path of its place.
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc (read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
export class PartialArguments {
  readonly #root: Members = emptyObject();
  /** The path of a string that goes on. */
  #unended: string | undefined;

  /** Arguments that came at once. */
  merge(args: JsonObject): void {
    Object.assign(this.#root, args);
  }

  /** @throws provider_bad_response where it has no place in what came before */
  add(piece: JsonObject): void {
    const path = asString(piece['jsonPath']) ?? '';
    const value = valueOf(piece);
    if (value === undefined) return;
    const goesOn = this.#unended === path;
    this.#unended = piece['willContinue'] === true ? path : undefined;
    this.#set(keysOf(path), value, goesOn);
  }

  get text(): string {
    return JSON.stringify(this.#root);
  }

  #set(keys: readonly Key[], value: Json, goesOn: boolean): void {
    let at: Json[] | Members = this.#root;
    for (const [depth, key] of keys.entries()) {
      const next = keys[depth + 1];
      if (next === undefined) write(at, key, value, goesOn);
      else at = containerAt(at, key, next);
    }
  }
}

function write(at: Json[] | Members, key: Key, value: Json, goesOn: boolean): void {
  const before = read(at, key);
  const whole = goesOn && typeof before === 'string' && typeof value === 'string' ? before + value : value;
  put(at, key, whole);
}

/** What stands at a key, made where there is nothing yet. */
function containerAt(at: Json[] | Members, key: Key, next: Key): Json[] | Members {
  const found = read(at, key);
  if (found === undefined) {
    const made = typeof next === 'number' ? [] : emptyObject();
    put(at, key, made);
    return made;
  }
  if (Array.isArray(found) || isJsonObject(found)) return found as Json[] | Members;
  throw misplaced();
}

function read(at: Json[] | Members, key: Key): Json | undefined {
  if (Array.isArray(at)) return typeof key === 'number' ? at[key] : undefined;
  return at[key];
}

function put(at: Json[] | Members, key: Key, value: Json): void {
  if (!Array.isArray(at)) at[key] = value;
  // A list grows by one at a time; a far index would make it as long as a provider likes.
  else if (typeof key === 'number' && key <= at.length) at[key] = value;
  else throw misplaced();
}

function keysOf(path: string): Key[] {
  const keys = [...path.slice(1).matchAll(SEGMENT)].map(([, name, index, single, double]): Key => {
    if (index !== undefined) return Number(index);
    return (
      name ?? quoted(double ?? `"${(single ?? '').replaceAll(String.raw`\'`, "'").replaceAll('"', String.raw`\"`)}"`)
    );
  });
  if (!path.startsWith('$') || keys.length === 0 || keys.length > DEEPEST) throw misplaced();
  return keys;
}

function quoted(text: string): string {
  return asString(parseJson(text)) ?? text;
}

/** Undefined where the piece has none. */
function valueOf({ stringValue, numberValue, boolValue, nullValue }: JsonObject): Json | undefined {
  return stringValue ?? numberValue ?? boolValue ?? (nullValue === undefined ? undefined : null);
}

function emptyObject(): Members {
  return Object.create(null) as Members;
}

function misplaced(): GatewayError {
  const message = "The provider's stream has a piece of a function's arguments that fits nowhere.";
  return new GatewayError('provider_bad_response', { message });
}
