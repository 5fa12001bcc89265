import { type Scalar, isScalar } from 'yaml';

import type { Environment } from './config.ts';
import { type Expansion, expandEnv } from './expand-env.ts';
import type { FieldSchema } from './field-schema.ts';
import { nearest } from './suggest.ts';
import { TEXT_KINDS, readText } from './text-kinds.ts';
import type { YamlNode } from './yaml-source.ts';

/** A value, or what is wrong with it. */
export type Outcome = { readonly value: unknown } | { readonly problem: string };

/** One value of the file as its field wants it: `${NAME}` expanded, type checked, unit resolved. */
export function readScalar(schema: FieldSchema, node: YamlNode, env: Environment): Outcome {
  if (!isScalar(node)) return { problem: `not a single value; ${wanted(schema)}` };
  if (node.value === null) return { problem: `no value; ${wanted(schema)}, or remove the key` };
  if (typeof node.value !== 'string') return readValue(schema, node.value, shown(schema, node));
  const expansion = expandEnv(node.value, env);
  if (!('text' in expansion)) return { problem: expansionProblem(schema, expansion) };
  const value = expansion.expanded ? retyped(schema, expansion.text) : expansion.text;
  return readValue(schema, value, shown(schema, node));
}

/** The default of a field, as the code gets it. */
export function defaultOf(schema: FieldSchema): unknown {
  const { const: word, default: written = word, 'x-kind': kind } = schema;
  return kind === undefined || typeof written !== 'string' ? written : readText(kind, written);
}

/** A variable of the environment, read as the field that it stands in for. */
export function readVariable(schema: FieldSchema, text: string): Outcome {
  const quoted = schema['x-kind'] === 'url' || schema.writeOnly === true ? '' : `${JSON.stringify(text)} `;
  return readValue(schema, retyped(schema, text), quoted);
}

/** A variable is always a text, so where a number or a yes/no is wanted it is read as one. */
function retyped(schema: FieldSchema, text: string): unknown {
  if (schema.type === 'integer' || schema.type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (schema.type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  return text;
}

function readValue(schema: FieldSchema, value: unknown, quoted: string): Outcome {
  switch (schema.type) {
    case 'integer':
      return isWithin(schema, value) && Number.isInteger(value) ? { value } : wrong(schema, quoted);
    case 'number':
      return isWithin(schema, value) ? { value } : wrong(schema, quoted);
    case 'boolean':
      return typeof value === 'boolean' ? { value } : wrong(schema, quoted);
    default:
      return typeof value === 'string' ? readString(schema, value, quoted) : wrong(schema, quoted);
  }
}

function readString(schema: FieldSchema, text: string, quoted: string): Outcome {
  if (schema['x-kind'] !== undefined) {
    const value = readText(schema['x-kind'], text);
    return value === undefined ? wrong(schema, quoted) : { value };
  }
  if (schema.enum && !schema.enum.includes(text)) {
    const near = nearest(text, schema.enum);
    const meant = near === undefined ? 'write one of them' : `did you mean "${near}"?`;
    return { problem: `${quoted}is not one of: ${schema.enum.join(', ')}; ${meant}` };
  }
  if (text.length < (schema.minLength ?? 0)) return { problem: 'empty; write a text or remove the key' };
  return { value: text };
}

function isWithin({ minimum, maximum }: FieldSchema, value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return value >= (minimum ?? value) && value <= (maximum ?? value);
}

function wrong(schema: FieldSchema, quoted: string): Outcome {
  const remedy = wanted(schema).replace(`write ${whatIs(schema)},`, 'write one,');
  return { problem: `${quoted}is not ${whatIs(schema)}; ${remedy}` };
}

function whatIs(schema: FieldSchema): string {
  if (schema['x-kind'] !== undefined) return TEXT_KINDS[schema['x-kind']].what;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number${bounds(schema)}`;
  if (schema.type === 'number') return `a number${bounds(schema)}`;
  return 'a text';
}

function bounds({ minimum, maximum }: FieldSchema): string {
  if (minimum === undefined) return '';
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

/** What to write there. */
export function wanted(schema: FieldSchema): string {
  if (schema['x-kind'] !== undefined) return `write ${TEXT_KINDS[schema['x-kind']].write}`;
  if (schema.enum) return `write one of: ${schema.enum.join(', ')}`;
  if (schema.type === 'boolean') return 'write true or false';
  if (schema.type === 'object') return 'write a section';
  const example = schema.examples?.[0] ?? schema.default;
  const eg = example === undefined ? '' : `, e.g. ${JSON.stringify(example)}`;
  return schema.type === 'string' ? `write a text in quotes${eg}` : `write ${whatIs(schema)}${eg}`;
}

function expansionProblem(schema: FieldSchema, expansion: Exclude<Expansion, { text: string }>): string {
  const [malformed] = expansion.malformed;
  if (malformed !== undefined) {
    const what = schema.writeOnly ? 'what begins with ${' : JSON.stringify(malformed);
    return `${what} is not a variable; write \${NAME} or \${NAME:-default}, or $\${ for the characters \${`;
  }
  const names = expansion.unset.join(' and ');
  const one = expansion.unset.length === 1;
  const fact = `the environment variable${one ? '' : 's'} ${names} ${one ? 'is' : 'are'} not set`;
  if (schema.writeOnly)
    return `${fact}, so there is no credential to send; set ${one ? 'it' : 'them'} or remove this line`;
  return `${fact}; set ${one ? 'it' : 'them'}, or give a default as in \${${expansion.unset[0]}:-default}`;
}

/** The value as the file has it, never what a variable contains, since that may be a secret; with a space behind it. */
function shown(schema: FieldSchema, node: Scalar): string {
  if (schema.writeOnly) return '';
  const text = typeof node.value === 'string' ? JSON.stringify(node.value) : (node.source ?? String(node.value));
  const safe = text.replace(/\/\/[^/]*@/, '//…@');
  return `${safe.length > 80 ? `${safe.slice(0, 80)}…` : safe} `;
}
