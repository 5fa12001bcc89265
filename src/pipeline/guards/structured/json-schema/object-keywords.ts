import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';
import { type Fits, both, inside, written } from './keyword.ts';
import { counted } from './logic-keywords.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

export function requiredKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (!isJsonObject(value) || !Array.isArray(given)) return true;
  walk.work.take(given.length);
  const missing = given.filter((name) => typeof name === 'string' && !Object.hasOwn(value, name));
  return missing.length === 0 || walk.fault(spot, 'required', () => `has to have ${listed(missing)}`);
}

const MOST_LISTED = 10;

function listed(names: readonly Json[]): string {
  const more = names.length - MOST_LISTED;
  return `${names.slice(0, MOST_LISTED).map(written).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export function propertiesKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  const { value } = spot;
  if (!isJsonObject(value) || !isJsonObject(given)) return true;
  let all: Fits = true;
  for (const [name, schema] of Object.entries(given)) {
    walk.work.take(1);
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined) all = both(all, walk.apply(schema, inside(spot, name, member)));
  }
  return all;
}

export function patternPropertiesKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  const { value } = spot;
  if (!isJsonObject(value) || !isJsonObject(given)) return true;
  const members = Object.entries(value);
  walk.work.take(members.length);
  let all: Fits = true;
  for (const [pattern, schema] of Object.entries(given)) {
    walk.work.take(1);
    for (const [name, member] of members) {
      const found = member === undefined ? false : walk.patterns.isFound(pattern, name);
      if (found === undefined) all = both(all, walk.unable('patternProperties'));
      else if (found && member !== undefined) all = both(all, walk.apply(schema, inside(spot, name, member)));
    }
  }
  return all;
}

export function additionalKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): Fits {
  const { value } = spot;
  if (!isJsonObject(value) || given === true) return true;
  const { properties, patternProperties } = schema;
  const patterns = isJsonObject(patternProperties) ? Object.keys(patternProperties) : [];
  walk.work.take(patterns.length);
  let all: Fits = true;
  for (const [name, member] of Object.entries(value)) {
    walk.work.take(1);
    if (member === undefined || (isJsonObject(properties) && Object.hasOwn(properties, name))) continue;
    const { fitting, unknown } = counted(patterns, (pattern) => walk.patterns.isFound(pattern, name));
    if (fitting > 0) continue;
    // What a pattern that cannot be run is about may be any name.
    if (unknown > 0) all = both(all, undefined);
    else if (given === false) {
      all = walk.fault(spot, 'additionalProperties', () => `may not have ${written(name)}`);
    } else all = both(all, walk.apply(given, inside(spot, name, member)));
  }
  return all;
}

export function namesKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  if (!isJsonObject(spot.value)) return true;
  let all: Fits = true;
  for (const name of Object.keys(spot.value)) {
    const fits = walk.fits(given, { ...spot, value: name });
    if (fits === false) return walk.fault(spot, 'propertyNames', () => `may not have the name ${written(name)}`);
    all = both(all, fits);
  }
  return all;
}

/** What has to be there, or has to be so, where a member is there. */
export function dependentKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  const { value } = spot;
  if (!isJsonObject(value) || !isJsonObject(given)) return true;
  let all: Fits = true;
  for (const [name, then] of Object.entries(given)) {
    walk.work.take(1);
    if (then === undefined || !Object.hasOwn(value, name)) continue;
    all = both(all, Array.isArray(then) ? requiredKeyword(walk, then, spot) : walk.apply(then, spot));
  }
  return all;
}
