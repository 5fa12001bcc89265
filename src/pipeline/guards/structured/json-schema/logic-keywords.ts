import type { Json, JsonObject } from '../../../../core/json.ts';
import { type Fits, both } from './keyword.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

export function allOfKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  let all: Fits = true;
  for (const schema of Array.isArray(given) ? given : []) all = both(all, walk.apply(schema, spot));
  return all;
}

export function anyOfKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  if (!Array.isArray(given)) return true;
  let isUnknown = false;
  for (const schema of given) {
    const fits = walk.fits(schema, spot);
    if (fits === true) return true;
    isUnknown ||= fits === undefined;
  }
  if (isUnknown) return undefined;
  // Where there is one way only, what is wrong with it is what has to be known.
  return given.length === 1 ? walk.apply(given[0], spot) : walk.fault(spot, 'anyOf', 'fits none of the alternatives');
}

export function oneOfKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  if (!Array.isArray(given)) return true;
  const { fitting, unknown } = counted(given, (schema) => walk.fits(schema, spot));
  if (fitting < 2 && unknown > 0) return undefined;
  return fitting === 1 || walk.fault(spot, 'oneOf', () => `fits ${fitting} of the alternatives, and has to fit one`);
}

export function notKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  const fits = walk.fits(given, spot);
  if (fits === undefined) return undefined;
  return !fits || walk.fault(spot, 'not', 'is what it may not be');
}

export function ifKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): Fits {
  const fits = walk.fits(given, spot);
  if (fits !== undefined) return walk.apply(schema[fits ? 'then' : 'else'], spot);
  const fitsBoth = walk.fits(schema['then'], spot) === true && walk.fits(schema['else'], spot) === true;
  return fitsBoth ? true : undefined;
}

export function refKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  const schema = typeof given === 'string' ? walk.resolve(given) : undefined;
  return schema === undefined ? walk.unable('$ref') : walk.apply(schema, spot);
}

export function counted<T>(all: readonly T[], fits: (one: T, at: number) => Fits) {
  let fitting = 0;
  let unknown = 0;
  for (const [at, one] of all.entries()) {
    const does = fits(one, at);
    if (does === true) fitting += 1;
    else if (does === undefined) unknown += 1;
  }
  return { fitting, unknown };
}
