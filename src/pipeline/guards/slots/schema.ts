import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { pointerPart } from '../../../core/json-spans.ts';
import { NOBODY, type SlotCollector } from './collector.ts';

/** Schemas nest a few levels; what is deeper is not looked at, and said to be unread. */
const MOST_DEPTH = 40;

/** What a schema says in words. */
const WORDS = ['description', 'title', '$comment'] as const;
/** What a schema says in values of the client's. */
const VALUES = ['enum', 'const', 'default', 'examples', 'example'] as const;
/** What holds one schema, or a list of them. */
const INNER = [
  'items',
  'prefixItems',
  'additionalProperties',
  'additionalItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contains',
  'propertyNames',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
] as const;
/** What holds schemas by names of the client's. */
const NAMED = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'] as const;

interface Waiting {
  readonly path: string;
  readonly schema: Json | undefined;
  readonly depth: number;
}

/** The texts of a JSON schema: what describes it, and the values that it names. Names of properties stay as they are. */
export function collectSchema(into: SlotCollector, path: string, schema: Json | undefined): void {
  const waiting: Waiting[] = [{ path, schema, depth: 0 }];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (Array.isArray(one.schema)) {
      const { schema: list, path: at, depth } = one;
      for (const [index, inner] of list.entries()) waiting.push({ path: `${at}/${index}`, schema: inner, depth });
    } else if (isJsonObject(one.schema)) {
      if (one.depth > MOST_DEPTH) into.note('other');
      else readSchema(into, one.path, one.schema, one.depth + 1, waiting);
    }
  }
}

function readSchema(into: SlotCollector, path: string, schema: JsonObject, depth: number, waiting: Waiting[]): void {
  for (const name of WORDS) into.text(`${path}/${name}`, schema[name], NOBODY);
  for (const name of VALUES) into.value(`${path}/${name}`, schema[name], NOBODY);
  for (const name of INNER) {
    if (schema[name] !== undefined) waiting.push({ path: `${path}/${name}`, schema: schema[name], depth });
  }
  for (const name of NAMED) {
    const inner = schema[name];
    if (!isJsonObject(inner)) continue;
    for (const [key, one] of Object.entries(inner)) {
      waiting.push({ path: `${path}/${name}/${pointerPart(key)}`, schema: one, depth });
    }
  }
}
