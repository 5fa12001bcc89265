import { type Json, isJsonObject } from '../../../../core/json.ts';
import { hasFormat } from './formats.ts';
import { type Keyword, written } from './keyword.ts';
import { isSameJson } from './same-json.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

const isNumber = (value: Json): value is number => typeof value === 'number';

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: isNumber,
  integer: Number.isInteger,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: isJsonObject,
};

function textsIn(given: Json): string[] {
  return (Array.isArray(given) ? given : [given]).filter((one) => typeof one === 'string');
}

export function typeKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const names = textsIn(given).map((name) => name.toLowerCase());
  if (names.length === 0) return true;
  const fits = names.some((name) => !Object.hasOwn(TYPES, name) || TYPES[name]?.(spot.value) === true);
  return fits || walk.fault(spot, 'type', `has to be ${names.join(' or ')}`);
}

export function oneOfValues(walk: SchemaWalk, given: Json, spot: Spot, keyword: string): boolean {
  const { value } = spot;
  if (typeof value === 'string' && walk.isStandIn(value)) return true;
  const values = keyword === 'enum' && Array.isArray(given) ? given : [given];
  if (values.some((one) => isSameJson(one, value, walk.work))) return true;
  return walk.fault(spot, keyword, `has to be ${keyword === 'enum' ? 'one of ' : ''}${written(given)}`);
}

/** A bound of a number, a length or a count. */
export function bound(keyword: string, of: (spot: Spot) => number | undefined, keeps: Keeps, what: string): Keyword {
  return (walk, given, spot) => {
    if (!isNumber(given)) return true;
    const found = of(spot);
    if (found === undefined || keeps(found, given)) return true;
    if (typeof spot.value === 'string' && walk.isStandIn(spot.value)) return true;
    return walk.fault(spot, keyword, `${what} ${given}`);
  };
}

type Keeps = (found: number, given: number) => boolean;
export const atLeast: Keeps = (found, given) => found >= given;
export const atMost: Keeps = (found, given) => found <= given;

export const numberOf = ({ value }: Spot) => (isNumber(value) ? value : undefined);
export const lengthOf = ({ value }: Spot) => (typeof value === 'string' ? codePoints(value) : undefined);
export const itemsOf = ({ value }: Spot) => (Array.isArray(value) ? value.length : undefined);
export const membersOf = ({ value }: Spot) => (isJsonObject(value) ? Object.keys(value).length : undefined);

function codePoints(text: string): number {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}

/** 0.3 is a multiple of 0.1, although not as a double. */
export function isMultiple(found: number, given: number): boolean {
  if (given <= 0) return true;
  const times = found / given;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

export function patternKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean | undefined {
  if (typeof spot.value !== 'string' || walk.isStandIn(spot.value)) return true;
  const found = typeof given === 'string' ? walk.patterns.isFound(given, spot.value) : undefined;
  return found === false ? walk.fault(spot, 'pattern', `has to match ${written(given)}`) : found;
}

export function formatKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean | undefined {
  if (typeof spot.value !== 'string' || walk.isStandIn(spot.value)) return true;
  const has = typeof given === 'string' ? hasFormat(given, spot.value) : undefined;
  return has === false ? walk.fault(spot, 'format', `has to be in the format ${written(given)}`) : has;
}
