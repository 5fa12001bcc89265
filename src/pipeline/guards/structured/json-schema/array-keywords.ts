import { type Json, type JsonObject, asCount } from '../../../../core/json.ts';
import { inside } from './keyword.ts';
import { hasTwins } from './same-json.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

/** `items` of earlier drafts may be a list, which is `prefixItems` now. */
export function itemsKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): boolean {
  const { value } = spot;
  if (!Array.isArray(value)) return true;
  if (Array.isArray(given)) {
    const isValid = prefixKeyword(walk, given, spot);
    return everyItem(walk, schema['additionalItems'] ?? true, spot, given.length) && isValid;
  }
  const before = schema['prefixItems'];
  return everyItem(walk, given, spot, Array.isArray(before) ? before.length : 0);
}

function everyItem(walk: SchemaWalk, schema: Json, spot: Spot, from: number): boolean {
  let isValid = true;
  if (!Array.isArray(spot.value) || schema === true) return isValid;
  for (const [at, item] of spot.value.entries()) {
    if (at >= from && !walk.apply(schema, inside(spot, at, item))) isValid = false;
  }
  return isValid;
}

export function prefixKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (!Array.isArray(value) || !Array.isArray(given)) return true;
  let isValid = true;
  for (const [at, item] of value.slice(0, given.length).entries()) {
    if (!walk.apply(given[at], inside(spot, at, item))) isValid = false;
  }
  return isValid;
}

export function containsKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): boolean {
  const { value } = spot;
  if (!Array.isArray(value)) return true;
  const found = value.filter((item, at) => walk.fits(given, inside(spot, at, item))).length;
  const least = asCount(schema['minContains']) ?? 1;
  const most = asCount(schema['maxContains']) ?? Number.POSITIVE_INFINITY;
  if (found >= least && found <= most) return true;
  return walk.fault(spot, 'contains', `has ${found} items of what it has to contain`);
}

export function uniqueKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (given !== true || !Array.isArray(value) || !hasTwins(value, walk.work)) return true;
  return walk.fault(spot, 'uniqueItems', 'has two items that are the same');
}
