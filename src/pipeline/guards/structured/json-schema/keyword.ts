import type { Json, JsonObject } from '../../../../core/json.ts';
import type { SchemaWalk, Spot } from './schema-walk.ts';

/**
 * What one word of a schema says of a value; undefined where it cannot be looked at.
 * @param given what stands behind the word
 * @param schema what the word stands in
 */
export type Keyword = (walk: SchemaWalk, given: Json, spot: Spot, schema: JsonObject) => boolean | undefined;

/** A member or an item. */
export function inside({ path, tells }: Spot, name: string | number, value: Json): Spot {
  return { value, path: `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`, tells };
}

/** In words that are not too long for a line. */
export function written(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
