import { type Json, type JsonObject, asCount } from '../../../../core/json.ts';
import { type Fits, both, inside } from './keyword.ts';
import { counted } from './logic-keywords.ts';
import { hasTwins } from './same-json.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

/** `items` of earlier drafts may be a list, which is `prefixItems` now. */
export function itemsKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): Fits {
  const { value } = spot;
  if (!Array.isArray(value)) return true;
  if (Array.isArray(given)) {
    const first = prefixKeyword(walk, given, spot);
    return both(first, everyItem(walk, schema['additionalItems'] ?? true, spot, given.length));
  }
  const before = schema['prefixItems'];
  return everyItem(walk, given, spot, Array.isArray(before) ? before.length : 0);
}

function everyItem(walk: SchemaWalk, schema: Json, spot: Spot, from: number): Fits {
  let all: Fits = true;
  if (!Array.isArray(spot.value) || schema === true) return all;
  for (let at = from; at < spot.value.length; at += 1) {
    all = both(all, walk.apply(schema, inside(spot, at, spot.value[at] ?? null)));
  }
  return all;
}

export function prefixKeyword(walk: SchemaWalk, given: Json, spot: Spot): Fits {
  const { value } = spot;
  if (!Array.isArray(value) || !Array.isArray(given)) return true;
  let all: Fits = true;
  for (const [at, schema] of given.entries()) {
    if (at >= value.length) break;
    all = both(all, walk.apply(schema, inside(spot, at, value[at] ?? null)));
  }
  return all;
}

export function containsKeyword(walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject): Fits {
  const { value } = spot;
  if (!Array.isArray(value)) return true;
  const { fitting, unknown } = counted(value, (item, at) => walk.fits(given, inside(spot, at, item)));
  const least = asCount(schema['minContains']) ?? 1;
  const most = asCount(schema['maxContains']) ?? Number.POSITIVE_INFINITY;
  if (fitting > most || fitting + unknown < least) {
    return walk.fault(spot, 'contains', () => `has ${fitting} items of what it has to contain`);
  }
  return fitting >= least && fitting + unknown <= most ? true : undefined;
}

export function uniqueKeyword(walk: SchemaWalk, given: Json, spot: Spot): boolean {
  const { value } = spot;
  if (given !== true || !Array.isArray(value) || !hasTwins(value, walk.work)) return true;
  return walk.fault(spot, 'uniqueItems', 'has two items that are the same');
}
