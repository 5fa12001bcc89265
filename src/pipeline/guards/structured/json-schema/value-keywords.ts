import { type Json, isJsonObject } from '../../../../core/json.ts';
import { hasFormat } from './formats.ts';
import { type Fits, type Keyword, written } from './keyword.ts';
import { isSameJson } from './same-json.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';
import type { Work } from './work.ts';

const isNumber = (value: Json): value is number => typeof value === 'number';

const LONGEST_TYPE = 'boolean'.length;
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: isNumber,
  integer: Number.isInteger,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: isJsonObject,
};

/** OpenAPI's were written large. Undefined where there is no such type. */
function typeOf(name: string): string | undefined {
  const type = name.length <= LONGEST_TYPE ? name.toLowerCase() : '';
  return Object.hasOwn(TYPES, type) ? type : undefined;
}

function textsIn(given: Json): string[] {
  return (Array.isArray(given) ? given : [given]).filter((one) => typeof one === 'string');
}

export function typeKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  if (Array.isArray(given)) walk.work.take(given.length);
  const names = textsIn(given);
  if (names.length === 0) return true;
  const fits = names.some((name) => {
    const type = typeOf(name);
    return type === undefined || TYPES[type]?.(spot.value) === true;
  });
  return fits || walk.fault(spot, 'type', () => `has to be ${names.map(typeOf).join(' or ')}`);
}

export function oneOfValues(walk: SchemaWalk, given: Json, spot: Spot, keyword: string): Fits {
  const { value } = spot;
  if (walk.isStandIn(value)) return undefined;
  const values = keyword === 'enum' && Array.isArray(given) ? given : [given];
  if (values.some((one) => isSameJson(one, value, walk.work))) return true;
  return walk.fault(spot, keyword, () => `has to be ${keyword === 'enum' ? 'one of ' : ''}${written(given)}`);
}

/** A bound of a number, a length or a count. */
export function bound(
  keyword: string,
  of: (spot: Spot, work: Work) => number | undefined,
  keeps: Keeps,
  what: string,
): Keyword {
  return (walk, given, spot) => {
    if (!isNumber(given)) return true;
    const found = of(spot, walk.work);
    if (found === undefined) return true;
    if (walk.isStandIn(spot.value)) return undefined;
    return keeps(found, given) || walk.fault(spot, keyword, () => `${what} ${given}`);
  };
}

type Keeps = (found: number, given: number) => boolean;
export const atLeast: Keeps = (found, given) => found >= given;
export const atMost: Keeps = (found, given) => found <= given;

export const numberOf = ({ value }: Spot) => (isNumber(value) ? value : undefined);
export const lengthOf = ({ value }: Spot, work: Work) =>
  typeof value === 'string' ? codePoints(value, work) : undefined;
export const itemsOf = ({ value }: Spot) => (Array.isArray(value) ? value.length : undefined);
export function membersOf({ value }: Spot, work: Work): number | undefined {
  if (!isJsonObject(value)) return undefined;
  const { length } = Object.keys(value);
  work.take(length);
  return length;
}

function codePoints(text: string, work: Work): number {
  work.takeText(text);
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}

/** 0.3 is a multiple of 0.1, although not as a double. */
export function isMultiple(found: number, given: number): boolean {
  if (given <= 0) return true;
  if (Number.isSafeInteger(found) && Number.isSafeInteger(given)) return found % given === 0;
  const times = found / given;
  return Math.abs(times - Math.round(times)) <= 4 * Number.EPSILON * Math.abs(times);
}

export function patternKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  if (typeof spot.value !== 'string') return true;
  if (walk.isStandIn(spot.value)) return undefined;
  const found = typeof given === 'string' ? walk.patterns.isFound(given, spot.value) : undefined;
  if (found === undefined) return walk.unable('pattern');
  return found || walk.fault(spot, 'pattern', () => `has to match ${written(given)}`);
}

export function formatKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  if (typeof spot.value !== 'string') return true;
  if (walk.isStandIn(spot.value)) return undefined;
  walk.work.takeText(spot.value);
  const has = typeof given === 'string' ? hasFormat(given, spot.value) : undefined;
  if (has === undefined) return walk.unable('format');
  return has || walk.fault(spot, 'format', () => `has to be in the format ${written(given)}`);
}
