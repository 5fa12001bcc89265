import type { Json, JsonObject } from '../../../../core/json.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

export function allOfKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  let isValid = true;
  for (const schema of Array.isArray(given) ? given : []) if (!walk.apply(schema, spot)) isValid = false;
  return isValid;
}

export function anyOfKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  if (!Array.isArray(given) || given.some((schema) => walk.fits(schema, spot))) return true;
  // Where there is one way only, what is wrong with it is what has to be known.
  return given.length === 1 ? walk.apply(given[0], spot) : walk.fault(spot, 'anyOf', 'fits none of the alternatives');
}

export function oneOfKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  if (!Array.isArray(given)) return true;
  const fitting = given.filter((schema) => walk.fits(schema, spot)).length;
  return fitting === 1 || walk.fault(spot, 'oneOf', `fits ${fitting} of the alternatives, and has to fit one`);
}

export function notKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  return !walk.fits(given, spot) || walk.fault(spot, 'not', 'is what it may not be');
}

export function ifKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): boolean {
  return walk.apply(schema[walk.fits(given, spot) ? 'then' : 'else'], spot);
}

export function refKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean | undefined {
  const schema = typeof given === 'string' ? walk.resolve(given) : undefined;
  return schema === undefined ? undefined : walk.apply(schema, spot);
}
