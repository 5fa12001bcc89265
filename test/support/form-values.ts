import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { namedSchema } from './openapi-validator.ts';

/** A form as OpenAI's own clients write one: `list[]`, `object[field]`, and files where the document says binary. */
export function formOf(value: JsonObject, schema: unknown): FormData {
  const form = new FormData();
  for (const [name, field] of Object.entries(value)) append(form, name, field, propertyOf(schema, name));
  return form;
}

function append(form: FormData, name: string, value: Json | undefined, schema: JsonObject): void {
  if (Array.isArray(value)) for (const item of value) append(form, `${name}[]`, item, resolved(schema['items']));
  else if (isJsonObject(value)) {
    for (const [field, part] of Object.entries(value)) append(form, `${name}[${field}]`, part, {});
  } else if (isBinary(schema)) form.append(name, new File([String(value)], 'a.bin'));
  else form.append(name, String(value));
}

/** What a form says, as the value that the schema describes. */
export async function valueOf(form: FormData, schema: unknown): Promise<JsonObject> {
  const value: JsonObject = {};
  for (const [key, entry] of form) {
    const text = typeof entry === 'string' ? entry : await entry.text();
    const [, name = '', part] = /^([^[]+)(?:\[(.*)\])?$/s.exec(key) ?? [];
    const field = propertyOf(schema, name);
    if (part === undefined) value[name] = typeof entry === 'string' ? plain(text, field) : text;
    else if (part === '') value[name] = [...listIn(value, name), plain(text, resolved(field['items']))];
    else value[name] = { ...objectIn(value, name), [part]: plain(text, propertyOf(field, part)) };
  }
  return value;
}

/** Numbers and booleans are texts in forms and queries. */
export function plain(text: string, schema: JsonObject): Json {
  const types = typesOf(schema);
  if (types.has('string') && !(types.has('null') && text === 'null')) return text;
  const isWord = ['integer', 'number', 'boolean', 'null'].some((type) => types.has(type));
  return isWord && /^(?:-?\d[\d.e+-]*|true|false|null)$/i.test(text) ? (JSON.parse(text) as Json) : text;
}

function typesOf(schema: JsonObject): ReadonlySet<string> {
  const { type, enum: values, oneOf, anyOf, allOf } = resolved(schema);
  const inner = [oneOf, anyOf, allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const own = [type].flat().filter((one) => typeof one === 'string');
  const ofValues = Array.isArray(values) ? values.map((one) => typeof one) : [];
  const isNullable = resolved(schema)['nullable'] === true ? ['null'] : [];
  return new Set([...own, ...ofValues, ...isNullable, ...inner.flatMap((each) => [...typesOf(resolved(each))])]);
}

function isBinary(schema: JsonObject): boolean {
  const { format, oneOf, anyOf } = resolved(schema);
  const inner = [oneOf, anyOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return format === 'binary' || inner.some((each) => isBinary(resolved(each)));
}

function propertyOf(schema: unknown, name: string): JsonObject {
  const { properties, allOf, anyOf, oneOf } = resolved(schema);
  const own = isJsonObject(properties) ? properties[name] : undefined;
  if (own !== undefined) return resolved(own);
  const inner = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const found = inner.map((each) => propertyOf(each, name)).find((each) => Object.keys(each).length > 0);
  return found ?? {};
}

function resolved(schema: unknown): JsonObject {
  if (!isJsonObject(schema)) return {};
  const { $ref } = schema;
  return typeof $ref === 'string' ? resolved(namedSchema('openai', $ref.split('/').at(-1) ?? '')) : schema;
}

function listIn(of: JsonObject, name: string): Json[] {
  return Array.isArray(of[name]) ? of[name] : [];
}

function objectIn(of: JsonObject, name: string): JsonObject {
  return isJsonObject(of[name]) ? of[name] : {};
}
