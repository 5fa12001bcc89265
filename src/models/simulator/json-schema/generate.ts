import { type Json, type JsonObject, asCount, isJsonObject } from '../../../core/json.ts';
import { type Random, hashText, integerBetween, seededRandom } from '../random.ts';
import { type Schema, SchemaHeights, resolveRef } from './heights.ts';
import { joinSchemas } from './join.ts';
import { numberFor } from './numbers.ts';
import { stringFor } from './strings.ts';

/** Past this depth only what is required is made, so that recursive schemas end. */
const FULL_DEPTH = 3;
/** A schema can ask for a value of any size; this many nodes are made, and then nulls. */
const MOST_NODES = 5000;
const DEEPEST = 64;
const USUAL_ITEMS = 2;

/**
 * A value that the JSON Schema accepts, the same for the same schema and seed.
 *
 * Covers what providers take for structured output: type (also a list of types), enum, const, properties, required,
 * additionalProperties, items, prefixItems, the bounds of sizes and numbers, multipleOf, anyOf, oneOf (as anyOf), allOf,
 * $ref within the document, nullable, and the common formats. `pattern`, `not` and `if` are not looked at.
 */
export function jsonFromSchema(schema: Json, seed: number): Json {
  return new Generator(schema, seed).make(schema, 0);
}

class Generator {
  readonly #root: Schema;
  readonly #random: Random;
  readonly #heights: SchemaHeights;
  #nodesLeft = MOST_NODES;

  constructor(root: Schema, seed: number) {
    this.#root = root;
    this.#random = seededRandom(hashText(JSON.stringify(root), seed));
    this.#heights = new SchemaHeights(root);
  }

  make(given: Schema, depth: number): Json {
    this.#nodesLeft -= 1;
    if (this.#nodesLeft < 0 || depth > DEEPEST) return null;
    if (!isJsonObject(given)) return stringFor({}, this.#random);
    const schema = this.#flatten(given, depth);
    if (schema['const'] !== undefined) return schema['const'];
    const { enum: allowed } = schema;
    if (Array.isArray(allowed)) return allowed[integerBetween(this.#random, 0, allowed.length - 1)] ?? null;
    return this.#makeTyped(schema, typeOf(schema), depth);
  }

  #makeTyped(schema: JsonObject, type: Schema, depth: number): Json {
    switch (type) {
      case 'object':
        return this.#makeObject(schema, depth);
      case 'array':
        return this.#makeArray(schema, depth);
      case 'integer':
      case 'number':
        return numberFor(schema, this.#random, type);
      case 'boolean':
        return this.#random() < 0.5;
      case 'null':
        return null;
      default:
        return stringFor(schema, this.#random);
    }
  }

  /** Follows `$ref`, joins `allOf` and takes a branch of `anyOf` or `oneOf`, until none of them is left. */
  #flatten(given: JsonObject, depth: number): JsonObject {
    let schema = given;
    for (let step = 0; step < DEEPEST; step += 1) {
      const { $ref: ref, allOf, anyOf, oneOf, ...own } = schema;
      const parts: Schema[] = Array.isArray(allOf) ? [...allOf] : [];
      if (typeof ref === 'string') parts.push(resolveRef(this.#root, ref));
      for (const branches of [anyOf, oneOf]) if (Array.isArray(branches)) parts.push(this.#branch(branches, depth));
      if (parts.length === 0) return schema;
      schema = parts.filter(isJsonObject).reduce(joinSchemas, own);
    }
    return schema;
  }

  /** Any branch near the top; deep down the one that ends soonest. */
  #branch(branches: readonly Json[], depth: number): Schema {
    const ranked = branches.map((branch) => ({ branch, height: this.#heights.of(branch) }));
    if (depth >= FULL_DEPTH) return ranked.toSorted((a, b) => a.height - b.height)[0]?.branch;
    const finite = ranked.filter(({ height }) => Number.isFinite(height));
    return finite[integerBetween(this.#random, 0, finite.length - 1)]?.branch;
  }

  /** Members stand in the schema's order, as models that are held to it answer. */
  #makeObject(schema: JsonObject, depth: number): JsonObject {
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    const others = isJsonObject(schema['additionalProperties']) ? schema['additionalProperties'] : undefined;
    const names = this.#memberNames(schema, Object.keys(properties), depth);
    return Object.fromEntries(names.map((name) => [name, this.make(properties[name] ?? others, depth + 1)]));
  }

  #memberNames(schema: JsonObject, declared: readonly string[], depth: number): string[] {
    const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
    const least = asCount(schema['minProperties']) ?? 0;
    const most = asCount(schema['maxProperties']) ?? Number.POSITIVE_INFINITY;
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    let room = (depth < FULL_DEPTH ? most : least) - required.size;
    const chosen = declared.filter((name) => {
      if (required.has(name)) return true;
      room -= 1;
      return room >= 0 && Number.isFinite(this.#heights.of(properties[name]));
    });
    chosen.push(...[...required].filter((name) => !declared.includes(name)));
    for (let at = 1; chosen.length < Math.min(least, this.#nodesLeft); at += 1) chosen.push(`key${at}`);
    return chosen;
  }

  #makeArray(schema: JsonObject, depth: number): Json[] {
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
    const length = this.#arrayLength(schema, prefix.length, depth);
    const values: Json[] = [];
    const seen = new Set<string>();
    for (let turn = 0; values.length < length && turn < length * 10; turn += 1) {
      const value = this.make(prefix[values.length] ?? schema['items'], depth + 1);
      const key = schema['uniqueItems'] === true ? JSON.stringify(value) : String(turn);
      if (!seen.has(key)) values.push(value);
      seen.add(key);
    }
    return values;
  }

  #arrayLength(schema: JsonObject, prefixLength: number, depth: number): number {
    const { items } = schema;
    if (items === false) return prefixLength;
    const least = Math.max(asCount(schema['minItems']) ?? 0, prefixLength);
    const most = asCount(schema['maxItems']) ?? Number.POSITIVE_INFINITY;
    const mayGrow = depth < FULL_DEPTH && Number.isFinite(this.#heights.of(items));
    return Math.min(most, this.#nodesLeft, mayGrow ? Math.max(least, USUAL_ITEMS) : least);
  }
}

/** `nullable` needs nothing: a value of the type itself is always allowed. */
function typeOf(schema: JsonObject): Schema {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((name) => name !== 'null') ?? 'null';
  if (type !== undefined) return type;
  if (schema['properties'] !== undefined || schema['required'] !== undefined) return 'object';
  if (schema['items'] !== undefined || schema['prefixItems'] !== undefined) return 'array';
  return schema['minimum'] === undefined && schema['maximum'] === undefined ? 'string' : 'number';
}
