import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

/** No prompt is nested deeper, and a walk without end would exhaust the stack. */
const MOST_DEPTH = 64;
const DEEPER = '[deeper]';

type Members = readonly (readonly [name: string, value: Json | undefined])[];

/** A value as JSON, of its objects the members that are chosen, in their order; without what is nested too deep. */
export function boundedJson(value: Json, membersOf: (object: JsonObject) => Members): string {
  return JSON.stringify(copyOf(value, membersOf, MOST_DEPTH));
}

function copyOf(value: Json, membersOf: (object: JsonObject) => Members, depth: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return DEEPER;
  if (Array.isArray(value)) return value.map((item) => copyOf(item, membersOf, depth - 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    membersOf(value).map(([name, member]) => [name, member && copyOf(member, membersOf, depth - 1)]),
  );
}
