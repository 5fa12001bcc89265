import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';
import { inside, written } from './keyword.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

export function requiredKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (!isJsonObject(value) || !Array.isArray(given)) return true;
  walk.work.take(given.length);
  const missing = given.filter((name) => typeof name === 'string' && !Object.hasOwn(value, name));
  return missing.length === 0 || walk.fault(spot, 'required', `has to have ${missing.map(written).join(', ')}`);
}

export function propertiesKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (!isJsonObject(value) || !isJsonObject(given)) return true;
  let isValid = true;
  for (const [name, schema] of Object.entries(given)) {
    walk.work.take(1);
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && !walk.apply(schema, inside(spot, name, member))) isValid = false;
  }
  return isValid;
}

export function patternPropertiesKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean | undefined {
  const { value } = spot;
  if (!isJsonObject(value) || !isJsonObject(given)) return true;
  let isValid: boolean | undefined = true;
  for (const [pattern, schema] of Object.entries(given)) {
    for (const [name, member] of Object.entries(value)) {
      const found = member === undefined ? false : walk.patterns.isFound(pattern, name);
      if (found === undefined) isValid = isValid && undefined;
      else if (found && member !== undefined && !walk.apply(schema, inside(spot, name, member))) isValid = false;
    }
  }
  return isValid;
}

export function additionalKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): boolean {
  const { value } = spot;
  if (!isJsonObject(value) || given === true) return true;
  const { properties, patternProperties } = schema;
  const patterns = isJsonObject(patternProperties) ? Object.keys(patternProperties) : [];
  let isValid = true;
  for (const [name, member] of Object.entries(value)) {
    walk.work.take(1);
    if (member === undefined || (isJsonObject(properties) && Object.hasOwn(properties, name))) continue;
    // What a pattern that cannot be run is about may be any name.
    if (patterns.some((pattern) => walk.patterns.isFound(pattern, name) !== false)) continue;
    if (given === false) isValid = walk.fault(spot, 'additionalProperties', `may not have ${written(name)}`);
    else if (!walk.apply(given, inside(spot, name, member))) isValid = false;
  }
  return isValid;
}

export function namesKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  if (!isJsonObject(spot.value)) return true;
  const wrong = Object.keys(spot.value).find((name) => !walk.fits(given, { ...spot, value: name }));
  return wrong === undefined || walk.fault(spot, 'propertyNames', `may not have the name ${written(wrong)}`);
}

/** What has to be there, or has to be so, where a member is there. */
export function dependentKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (!isJsonObject(value) || !isJsonObject(given)) return true;
  let isValid = true;
  for (const [name, then] of Object.entries(given)) {
    if (then === undefined || !Object.hasOwn(value, name)) continue;
    const fits = Array.isArray(then) ? requiredKeyword(walk, then, spot) : walk.apply(then, spot);
    if (!fits) isValid = false;
  }
  return isValid;
}
