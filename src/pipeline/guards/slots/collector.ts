import { GatewayError } from '../../../core/errors.ts';
import { type Json, type JsonObject, isJsonObject, parseJson } from '../../../core/json.ts';
import type { Role, TextSlot, UnreadKind } from './slot.ts';

/** Whose text it is, and where it belongs. */
export type Whereabouts = Pick<TextSlot, 'place' | 'role' | 'message'>;

/** Texts of no message, of nobody. */
export const NOBODY: Whereabouts = { place: 'input', role: 'none', message: -1 };

/** More texts are not looked at: batches that providers take have a fifth of that. */
export const MOST_SLOTS = 10_000;

const NOTHING_UNREAD: readonly UnreadKind[] = [];

/** Takes down the texts of one request, and what in it is none. @throws request_invalid where it has too many */
export class SlotCollector {
  readonly slots: TextSlot[] = [];
  /** Most requests have nothing of it. */
  #unread: Set<UnreadKind> | undefined;

  /** A text; nothing where it is none, or empty. */
  text(path: string, text: Json | undefined, where: Whereabouts): void {
    if (typeof text === 'string' && text !== '') this.#add(path, text, where, 'plain');
  }

  /** A thought, and the proof that goes with it as it was, see {@link TextSlot.proof}. */
  thought(path: string, text: Json | undefined, where: Whereabouts, proof: TextSlot['proof']): void {
    if (typeof text === 'string' && text !== '') this.#add(path, text, where, 'plain', proof);
  }

  /** What can be read by its provider alone: a model wrote it, where it is a model's turn. */
  sealed({ role }: Whereabouts): void {
    this.note(role === 'assistant' ? 'reasoning' : 'other');
  }

  /** A text that is JSON, if it is. */
  json(path: string, text: Json | undefined, where: Whereabouts): void {
    if (typeof text === 'string' && text !== '') {
      this.#add(path, text, where, isJson(text) ? 'json' : 'plain');
    }
  }

  /** Any value, of which the texts are looked at wherever they stand in it. */
  value(path: string, value: Json | undefined, where: Whereabouts): void {
    if (typeof value === 'string') this.text(path, value, where);
    else if (hasTexts(value)) {
      this.#add(path, written(value), where, 'value');
    }
  }

  /** The member of an object. */
  member(path: string, object: Json | undefined, name: string, where: Whereabouts): void {
    if (!isJsonObject(object)) return;
    const text = object[name];
    if (typeof text === 'string' && text !== '') this.#add(`${path}/${name}`, text, where, 'plain');
  }

  note(kind: UnreadKind): void {
    this.#unread ??= new Set();
    this.#unread.add(kind);
  }

  /** The kinds that were noted. */
  get unread(): readonly UnreadKind[] {
    return this.#unread ? [...this.#unread].toSorted() : NOTHING_UNREAD;
  }

  #add(
    path: string,
    text: string,
    { place, role, message }: Whereabouts,
    encoding: TextSlot['encoding'],
    proof?: TextSlot['proof'],
  ): void {
    if (this.slots.length >= MOST_SLOTS) {
      throw new GatewayError('request_invalid', {
        message: `The body has more than ${MOST_SLOTS} texts. Send it in parts.`,
      });
    }
    if (proof) this.slots.push({ path, place, role, message, text, encoding, proof });
    else this.slots.push({ path, place, role, message, text, encoding });
  }
}

/** @throws request_invalid where it is nested so deep that it cannot be written */
function written(value: Json | undefined): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new GatewayError('request_invalid', { message: 'The body is nested too deep.', cause });
  }
}

/** Something may be said in it: it is a list or an object with something in it, or a long number. */
function hasTexts(value: Json | undefined): boolean {
  if (typeof value === 'number') return Math.abs(value) >= 1000;
  return isFilled(value);
}

/** A list or an object with something in it. */
export function isFilled(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}

/** What is parsed but no list or object is a text like any other. */
function isJson(text: string): boolean {
  const start = text.trimStart();
  return (start.startsWith('{') || start.startsWith('[')) && parseJson(text) !== undefined;
}

/** Whose turn a message is. A role that nobody knows is taken for the user's, which is looked at most closely. */
export function roleOf(roles: Readonly<Record<string, Role>>, said: Json | undefined): Role {
  return (typeof said === 'string' && Object.hasOwn(roles, said) ? roles[said] : undefined) ?? 'user';
}

/** A text, or a list of parts; what should be neither is read as it is. */
export function collectContent(
  into: SlotCollector,
  path: string,
  content: Json | undefined,
  where: Whereabouts,
  collectPart: (into: SlotCollector, path: string, part: JsonObject, where: Whereabouts) => void,
): void {
  if (!Array.isArray(content)) {
    into.value(path, content, where);
    return;
  }
  for (const [at, part] of content.entries()) {
    if (isJsonObject(part)) collectPart(into, `${path}/${at}`, part, where);
    else into.value(`${path}/${at}`, part, where);
  }
}

/** Calls back with each object of a list, and its path. */
export function eachObject(
  path: string,
  list: Json | undefined,
  visit: (path: string, object: Readonly<Record<string, Json | undefined>>, at: number) => void,
): void {
  if (!Array.isArray(list)) return;
  let at = 0;
  for (const one of list) {
    if (isJsonObject(one)) visit(`${path}/${at}`, one, at);
    at += 1;
  }
}
