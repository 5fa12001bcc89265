import type { FieldSchema } from './field-schema.ts';
import { FILE_SCHEMA } from './schema.ts';

/** A text that becomes its value only with the environment. */
const WITH_VARIABLE = { type: 'string', pattern: '\\$\\{' } as const;

/** The published JSON Schema of `causeway.yaml` (`docs/causeway.schema.json`), for completion and checks in editors. */
export function configJsonSchema(): object {
  const shared = new Map<string, object>();
  const whole = published(FILE_SCHEMA, shared);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'causeway.yaml',
    ...whole,
    ...(shared.size > 0 && { $defs: Object.fromEntries(shared) }),
  };
}

/**
 * Drops our own keywords, and lets `${NAME}` stand wherever a value may.
 * @param shared where parts go that stand in several places
 */
function published(schema: FieldSchema, shared: Map<string, object>): object {
  const { 'x-kind': kind, 'x-names': _names, 'x-restart': _restart, 'x-shared': sharedAs, ...field } = schema;
  if (sharedAs) {
    if (!shared.has(sharedAs.name)) shared.set(sharedAs.name, published(field, shared));
    return { $ref: `#/$defs/${sharedAs.name}`, description: field.description };
  }
  if (field.anyOf) return { ...field, anyOf: field.anyOf.map((variant) => published(variant, shared)) };
  if (field.type === 'object') return publishedSection(field, shared);
  if (field.type === 'array') return { ...field, items: published(field.items ?? {}, shared) };
  const isPlainText = field.type === 'string' && kind === undefined && field.enum === undefined;
  return isPlainText ? field : withVariable(field);
}

function publishedSection(section: FieldSchema, shared: Map<string, object>): object {
  const { properties, additionalProperties, required = [], 'x-one-of': oneOf, ...rest } = section;
  return {
    ...rest,
    // A key with nothing behind it is how a section looks whose lines are commented out.
    type: required.length === 0 && !oneOf ? ['object', 'null'] : 'object',
    ...(properties && { properties: mapValues(properties, (part) => published(part, shared)) }),
    ...(required.length > 0 && { required }),
    ...(oneOf && { anyOf: oneOf.map((name) => ({ required: [name] })) }),
    additionalProperties: additionalProperties ? published(additionalProperties, shared) : false,
  };
}

function withVariable({ description, default: value, examples, writeOnly, ...field }: FieldSchema): object {
  return {
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value }),
    ...(examples && { examples }),
    ...(writeOnly && { writeOnly }),
    anyOf: [field, WITH_VARIABLE],
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
