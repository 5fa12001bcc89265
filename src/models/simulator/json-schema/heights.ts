import { type Json, type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';

export type Schema = Json | undefined;

/** `#`, `#/$defs/name` and any other pointer into the same document. */
export function resolveRef(root: Schema, ref: string): Schema {
  let at: Schema = root;
  for (const part of ref.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(name)];
    else at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

/**
 * How many levels the smallest value of a schema has: what a generator needs to know to end recursive schemas.
 * Infinite where a value would have to hold itself.
 */
export class SchemaHeights {
  readonly #byRef = new Map<string, number>();

  constructor(root: Schema) {
    for (const ref of refsIn(root)) this.#byRef.set(ref, Number.POSITIVE_INFINITY);
    // A definition's height leans on others' heights, which only fall: repeat until none does.
    for (let changed = true; changed;) {
      changed = false;
      for (const [ref, before] of this.#byRef) {
        const height = this.of(resolveRef(root, ref));
        if (height < before) changed = true;
        this.#byRef.set(ref, height);
      }
    }
  }

  of(schema: Schema): number {
    if (!isJsonObject(schema) || schema['const'] !== undefined || schema['enum'] !== undefined) return 0;
    const { $ref: ref, anyOf, oneOf, allOf } = schema;
    const parts = [this.#ofMembers(schema)];
    if (typeof ref === 'string') parts.push(this.#byRef.get(ref) ?? 0);
    for (const branches of [anyOf, oneOf]) {
      if (Array.isArray(branches)) parts.push(Math.min(...branches.map((branch) => this.of(branch))));
    }
    if (Array.isArray(allOf)) parts.push(...allOf.map((part) => this.of(part)));
    return Math.max(...parts);
  }

  /** Only what must be there counts: required properties, and items where there is a least number of them. */
  #ofMembers(schema: JsonObject): number {
    const { required, items } = schema;
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    let height = 0;
    if (Array.isArray(required)) {
      for (const name of required)
        height = Math.max(height, 1 + this.of(typeof name === 'string' ? properties[name] : undefined));
    }
    if ((asCount(schema['minItems']) ?? 0) > 0) height = Math.max(height, 1 + this.of(items));
    return height;
  }
}

function refsIn(root: Schema): Set<string> {
  const refs = new Set<string>();
  const visit = (value: Schema): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isJsonObject(value)) return;
    if (typeof value['$ref'] === 'string') refs.add(value['$ref']);
    Object.values(value).forEach(visit);
  };
  visit(root);
  return refs;
}
