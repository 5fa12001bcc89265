import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { pointerParts } from '../../../core/json-spans.ts';

/** A schema that Anthropic's constrained decoding takes. */
export interface StrictSchema {
  readonly schema: JsonObject;
  /** Rules that are not enforced; they stand in the descriptions instead. */
  readonly loosened: boolean;
}

const FORMATS: ReadonlySet<Json | undefined> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/** Each optional property doubles the grammar, and a grammar that grows too large is refused. */
const MOST_OPTIONAL_PROPERTIES = 12;
const DEEPEST = 64;

const KEPT = ['title', 'description', 'default', 'required', 'type'] as const;
const READ: ReadonlySet<string> = new Set(
  `$ref $defs definitions $schema $id $comment examples strict title description default required type enum const
  format minItems properties additionalProperties items anyOf oneOf allOf`.split(/\s+/),
);

const BESIDE_REFERENCE: ReadonlySet<string> = new Set(['$ref', '$defs', 'definitions', 'title', 'description']);

class NotStrict extends Error {}

/**
 * A JSON Schema as constrained decoding takes it: closed objects, no numeric or length rules, no recursion. What it
 * cannot enforce becomes part of the description.
 * @returns undefined where it cannot say what the schema means: open objects, recursion, references to elsewhere
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (JSON schema limitations; checked 2026-11-21)
 */
export function strictSchema(schema: JsonObject): StrictSchema | undefined {
  const walk = new Walk(schema);
  try {
    return { schema: walk.node(schema, [], 0), loosened: walk.loosened };
  } catch (error) {
    if (error instanceof NotStrict) return undefined;
    throw error;
  }
}

class Walk {
  readonly #root: JsonObject;
  /** References that were followed to their end. */
  readonly #known = new Set<string>();
  #optional = 0;
  loosened = false;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** @param path the references that led here, by which recursion is seen */
  node(value: Json | undefined, path: readonly string[], depth: number): JsonObject {
    if (!isJsonObject(value) || depth > DEEPEST) throw new NotStrict();
    const definitions = this.#definitions(value, path, depth);
    const { $ref: reference } = value;
    if (reference !== undefined) {
      this.#follow(reference, path, depth);
      if (Object.keys(value).some((key) => !BESIDE_REFERENCE.has(key))) this.loosened = true;
      return { $ref: reference, ...definitions };
    }
    const strict: JsonObject = { ...definitions };
    for (const key of KEPT) if (value[key] !== undefined) strict[key] = value[key];
    this.#literals(value, strict);
    this.#variants(value, strict, path, depth);
    if (isOf(value, 'object') || value['properties'] !== undefined) this.#object(value, strict, path, depth);
    if (isOf(value, 'array') || value['items'] !== undefined) this.#array(value, strict, path, depth);
    if (!['type', 'enum', 'const', 'anyOf', 'allOf'].some((key) => strict[key] !== undefined)) throw new NotStrict();
    this.#describe(value, strict);
    return strict;
  }

  #follow(reference: Json, path: readonly string[], depth: number): void {
    if (typeof reference !== 'string' || !reference.startsWith('#') || path.includes(reference)) throw new NotStrict();
    if (this.#known.has(reference)) return;
    this.node(resolve(this.#root, reference), [...path, reference], depth + 1);
    this.#known.add(reference);
  }

  #definitions(value: JsonObject, path: readonly string[], depth: number): JsonObject {
    const strict: JsonObject = {};
    for (const key of ['$defs', 'definitions']) {
      const named = value[key];
      if (!isJsonObject(named)) continue;
      strict[key] = mapValues(named, (node, name) => this.node(node, [...path, `#/${key}/${name}`], depth + 1));
    }
    return strict;
  }

  #literals(value: JsonObject, strict: JsonObject): void {
    const { enum: members, const: constant, format } = value;
    if (Array.isArray(members)) {
      if (members.length === 0 || !members.every(isPrimitive)) throw new NotStrict();
      strict['enum'] = members;
    }
    if (constant !== undefined) {
      if (!isPrimitive(constant)) throw new NotStrict();
      strict['const'] = constant;
    }
    if (FORMATS.has(format)) strict['format'] = format;
  }

  #variants(value: JsonObject, strict: JsonObject, path: readonly string[], depth: number): void {
    const each = (nodes: Json): JsonObject[] => {
      if (!Array.isArray(nodes) || nodes.length === 0) throw new NotStrict();
      return nodes.map((node) => this.node(node, path, depth + 1));
    };
    const { anyOf, oneOf, allOf } = value;
    if (anyOf !== undefined && oneOf !== undefined) throw new NotStrict();
    if (anyOf !== undefined) strict['anyOf'] = each(anyOf);
    if (oneOf !== undefined) strict['anyOf'] = each(oneOf);
    if (allOf !== undefined) strict['allOf'] = each(allOf);
  }

  #object(value: JsonObject, strict: JsonObject, path: readonly string[], depth: number): void {
    const { properties = {}, additionalProperties, required } = value;
    if (!isJsonObject(properties)) throw new NotStrict();
    const names = Object.keys(properties);
    const isOpen = additionalProperties !== false && (names.length === 0 || additionalProperties !== undefined);
    // Closed, an object that is meant to be open could only be empty, or lose what it is for.
    if (isOpen && (names.length === 0 || isJsonObject(additionalProperties))) throw new NotStrict();
    if (isOpen) this.loosened = true;
    const needed = new Set(Array.isArray(required) ? required : []);
    this.#optional += names.filter((name) => !needed.has(name)).length;
    if (this.#optional > MOST_OPTIONAL_PROPERTIES) throw new NotStrict();
    strict['properties'] = mapValues(properties, (node) => this.node(node, path, depth + 1));
    strict['additionalProperties'] = false;
  }

  #array(value: JsonObject, strict: JsonObject, path: readonly string[], depth: number): void {
    const { items, minItems } = value;
    if (items !== undefined) strict['items'] = this.node(items, path, depth + 1);
    if (minItems === 0 || minItems === 1) strict['minItems'] = minItems;
  }

  /** Tells the model in words what is not enforced. */
  #describe(value: JsonObject, strict: JsonObject): void {
    const rules = Object.entries(value).filter(
      ([key, rule]) => rule !== undefined && (READ.has(key) ? isRule(key) && strict[key] === undefined : true),
    );
    if (value['oneOf'] !== undefined) this.loosened = true;
    if (rules.length === 0) return;
    this.loosened = true;
    const words = rules.map(([key, rule]) => `${key}: ${JSON.stringify(rule)}`).join(', ');
    const own = strict['description'];
    strict['description'] = typeof own === 'string' && own !== '' ? `${own} (${words})` : words;
  }
}

/** Keywords that are read, and enforced for some of their values only. */
function isRule(key: string): boolean {
  return key === 'format' || key === 'minItems';
}

function isOf(schema: JsonObject, type: string): boolean {
  const { type: declared } = schema;
  return declared === type || (Array.isArray(declared) && declared.includes(type));
}

/** A long number is an object once it is parsed exactly. */
function isPrimitive(value: Json): boolean {
  return typeof value !== 'object' || value === null || 'rawJSON' in value;
}

function mapValues(object: JsonObject, map: (value: Json | undefined, key: string) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}

function resolve(root: JsonObject, reference: string): Json | undefined {
  let at: Json | undefined = root;
  for (const key of pointerParts(reference.slice(1))) {
    at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}
