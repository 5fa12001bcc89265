import { type Json, isJsonObject } from '../../../core/json.ts';

/** What may stand in a place: anything at all, something that a test lets through, or an object of known members. */
export type Known = typeof ANYTHING | ((value: Json) => boolean) | KnownMembers;

interface KnownMembers {
  readonly [member: string]: Known;
}

export const ANYTHING = Symbol('anything');

/** A text, and no list of parts or object in its place. */
export const TEXT = (value: Json): boolean => typeof value === 'string';

export const NUMBER = (value: Json): boolean => typeof value === 'number';

export function oneOf(...words: readonly string[]): (value: Json) => boolean {
  return (value) => typeof value === 'string' && words.includes(value);
}

/** Whether a value has nothing but what is known. A list has to in each of its places. What says nothing may be anywhere. */
export function fits(value: Json, known: Known | undefined): boolean {
  if (known === ANYTHING || saysNothing(value)) return true;
  if (known === undefined) return false;
  if (typeof known === 'function') return known(value);
  if (Array.isArray(value)) return value.every((one) => fits(one, known));
  if (!isJsonObject(value)) return false;
  for (const name in value) {
    const more = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!fits(value[name] ?? null, more)) return false;
  }
  return true;
}

/** Null, empty, zero, false, and what is made of that alone. */
function saysNothing(value: Json): boolean {
  if (Array.isArray(value)) return value.every(saysNothing);
  return isJsonObject(value) ? Object.values(value).every((one) => one === undefined || saysNothing(one)) : !value;
}
