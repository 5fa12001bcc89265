import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import type { Dialect } from '../../src/core/call.ts';

const FOLDER = join(process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data'), 'specs');
const ROOT = resolve(import.meta.dirname, '..', '..');

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const validators = new Map<string, ValidateFunction>();
const loaded = new Map<Dialect, { readonly ajv: Ajv2020; readonly document: Document }>();

/** Why tests with a provider's OpenAPI document cannot run here, as the `skip` option of a test; false where they can. */
export function documentMissing(provider: Dialect): string | false {
  return existsSync(fileOf(provider))
    ? false
    : `no OpenAPI document ${fileOf(provider)}; CAUSEWAY_TEST_DATA names the folder that holds specs/`;
}

/**
 * What a value is not, by a named schema of a provider's OpenAPI document; empty where it is all that it has to be.
 * Formats such as `uri` are not looked at. The document is read once in a process, which takes about a second.
 */
export function schemaErrors(provider: Dialect, schema: string, value: unknown): string[] {
  return schemaErrorsAt(provider, `/components/schemas/${schema}`, value);
}

/** The same, by the JSON pointer of any schema of the document. */
export function schemaErrorsAt(provider: Dialect, pointer: string, value: unknown): string[] {
  const key = `${provider}#${pointer}`;
  let validate = validators.get(key);
  if (!validate) {
    validate = load(provider).ajv.getSchema(key);
    if (!validate) throw new Error(`${key} is not there`);
    validators.set(key, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`.trim(),
  );
}

/** The names of all fields that a value of a named schema may have, in it and in what it holds. */
export function fieldNames(provider: Dialect, schema: string): ReadonlySet<string> {
  const { schemas } = load(provider).document.components;
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    const { $ref, properties, allOf, anyOf, oneOf, items } = node as Record<string, unknown>;
    if (typeof $ref === 'string') visit(schemas[$ref.split('/').at(-1) ?? '']);
    for (const name of Object.keys(properties ?? {})) names.add(name);
    for (const inner of [Object.values(properties ?? {}), allOf, anyOf, oneOf, items]) visit(inner);
  };
  visit(schemas[schema]);
  return names;
}

/** A named schema of a provider's OpenAPI document, as it stands there. */
export function namedSchema(provider: Dialect, name: string): unknown {
  return load(provider).document.components.schemas[name];
}

/** What the document says of its paths, as it stands there. */
export function pathsOf(provider: Dialect): Document['paths'] {
  return load(provider).document.paths;
}

function load(provider: Dialect): { readonly ajv: Ajv2020; readonly document: Document } {
  let read = loaded.get(provider);
  if (!read) {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, logger: false });
    const document = parse(readFileSync(fileOf(provider), 'utf8')) as Document;
    ajv.addSchema({ $id: provider, components: withNull(document.components), paths: withNull(document.paths) });
    read = { ajv, document };
    loaded.set(provider, read);
  }
  return read;
}

/** `nullable` of OpenAPI 3.0, which documents of 3.1 still use, in the words of JSON Schema. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, withNull(member)] as const);
  const { nullable } = value as { nullable?: unknown };
  if (typeof nullable !== 'boolean') return Object.fromEntries(entries);
  const rest = Object.fromEntries(entries.filter(([key]) => key !== 'nullable'));
  return nullable ? { anyOf: [rest, { type: 'null' }] } : rest;
}

function fileOf(provider: Dialect): string {
  return resolve(ROOT, FOLDER, `${provider}-openapi`, 'openapi.yaml');
}
