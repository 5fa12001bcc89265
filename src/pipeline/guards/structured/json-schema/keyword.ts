import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';
import { pointerPart } from '../../../../core/json-spans.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

/** Undefined: nobody can say. */
export type Fits = boolean | undefined;

/**
 * What one word of a schema says of a value.
 * @param given what stands behind the word
 * @param schema what the word stands in
 */
export type Keyword = (walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject) => Fits;

/** A member or an item. */
export function inside(outer: Spot, name: string | number, value: Json): Spot {
  return { value, outer, name, tells: outer.tells };
}

/** One thing that is not so decides; else one of which nobody can say. */
export function both(one: Fits, other: Fits): Fits {
  if (one === false || other === false) return false;
  return one === undefined ? undefined : other;
}

const MOST_WRITTEN = 200;
const MOST_PATH = 1000;

/** In words that are not too long for a line, whatever there is of it. */
export function written(value: Json): string {
  const text = beginning(value, MOST_WRITTEN);
  return text.length > MOST_WRITTEN ? `${text.slice(0, MOST_WRITTEN)}…` : text;
}

/** JSON, of which no more is written than about so many characters. */
function beginning(value: Json, most: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, most + 1));
  if (Array.isArray(value)) return `[${joined(value, most, (item, left) => beginning(item, left))}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const member = (name: string, left: number) =>
    `${JSON.stringify(name.slice(0, left + 1))}:${beginning(value[name] ?? null, left)}`;
  return `{${joined(Object.keys(value), most, member)}}`;
}

function joined<T>(parts: readonly T[], most: number, write: (part: T, left: number) => string): string {
  let text = '';
  for (const part of parts) {
    if (text.length >= most) return `${text},`;
    text += `${text === '' ? '' : ','}${write(part, most - text.length - 1)}`;
  }
  return text;
}

/** A JSON pointer. */
export function pathOf(spot: Spot): string {
  let path = '';
  for (let at: Spot | undefined = spot; at?.name !== undefined && path.length < MOST_PATH; at = at.outer) {
    path = `/${pointerPart(String(at.name).slice(0, MOST_PATH))}${path}`;
  }
  return path;
}
