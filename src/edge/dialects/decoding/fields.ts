import type { GatewayError } from '../../../core/errors.ts';
import { digitsOf } from '../../../core/inference/exact-json.ts';
import type { Feature } from '../../../core/inference/features.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { invalidField, isAbsent } from '../read-fields.ts';
import type { Decoding } from './decoding.ts';

/** What becomes of a field that no decoder asked for. */
export const UNKNOWN_FIELD = 'is left out: the gateway does not know this field, so it cannot translate it';

/**
 * One object of the body, read field by field. Null is absent, as clients send it for "not set".
 * What nobody asked for is noted by {@link Fields.close}, so that no field is lost in silence.
 */
export class Fields {
  readonly path: string;
  readonly decoding: Decoding;
  readonly #object: JsonObject;
  readonly #unread: Set<string>;

  /** @throws request_invalid where it is not an object */
  constructor(value: Json | undefined, path: string, decoding: Decoding) {
    if (!isPlainObject(value)) throw invalidField(path, `\`${path}\` must be an object.`);
    this.path = path;
    this.decoding = decoding;
    this.#object = value;
    this.#unread = new Set(Object.keys(value));
  }

  /** The full path of a field, in the client's words. */
  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  has(name: string): boolean {
    return !isAbsent(this.raw(name));
  }

  /** What nobody asked for so far. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  raw(name: string): Json | undefined {
    this.#unread.delete(name);
    return this.#object[name];
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (isAbsent(value)) return undefined;
    if (typeof value === 'string') return value;
    throw this.invalid(name, 'must be a string');
  }

  requiredText(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw this.invalid(name, 'is missing: it must be a string');
    return text;
  }

  /** Neither missing nor empty. */
  requiredName(name: string): string {
    const text = this.requiredText(name);
    if (text !== '') return text;
    throw this.invalid(name, 'must not be empty');
  }

  number(name: string): number | undefined {
    const value = this.raw(name);
    if (isAbsent(value)) return undefined;
    const number = numberOf(value);
    if (number !== undefined) return number;
    throw this.invalid(name, 'must be a number');
  }

  /** A whole number, 0 or more. */
  count(name: string): number | undefined {
    const number = this.number(name);
    if (number === undefined || (Number.isInteger(number) && number >= 0)) return number;
    throw this.invalid(name, 'must be a whole number, 0 or more');
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (isAbsent(value)) return undefined;
    if (typeof value === 'boolean') return value;
    throw this.invalid(name, 'must be true or false');
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    throw this.invalid(name, `must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`);
  }

  requiredOneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.oneOf(name, allowed);
    if (value !== undefined) return value;
    throw this.invalid(name, `is missing: it must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`);
  }

  object(name: string): Fields | undefined {
    const value = this.raw(name);
    return isAbsent(value) ? undefined : new Fields(value, this.at(name), this.decoding);
  }

  requiredObject(name: string): Fields {
    const object = this.object(name);
    if (object) return object;
    throw this.invalid(name, 'is missing: it must be an object');
  }

  /** An object that is passed on as it is, with all its fields. */
  requiredJson(name: string): JsonObject {
    const value = this.raw(name);
    if (isPlainObject(value)) return value;
    throw this.invalid(name, isAbsent(value) ? 'is missing: it must be an object' : 'must be an object');
  }

  list(name: string): readonly Json[] | undefined {
    const value = this.raw(name);
    if (isAbsent(value)) return undefined;
    if (Array.isArray(value)) return value;
    throw this.invalid(name, 'must be a list');
  }

  /** A list of objects, none where it is absent. */
  objects(name: string): readonly Fields[] {
    const path = this.at(name);
    return (this.list(name) ?? []).map((value, at) => new Fields(value, `${path}[${at}]`, this.decoding));
  }

  uses(feature: Feature, name: string): void {
    this.decoding.uses(feature, this.at(name));
  }

  note(name: string, says: string): void {
    this.raw(name);
    this.decoding.note(this.at(name), says);
  }

  /** Notes the field where it is set. */
  leaveOut(name: string, says: string): void {
    if (this.has(name)) this.note(name, says);
  }

  /** Fields that say nothing that a translation would have to keep. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#unread.delete(name);
  }

  /** To be called when everything was read. */
  close(): void {
    for (const name of this.#unread) this.leaveOut(name, UNKNOWN_FIELD);
  }

  invalid(name: string, says: string): GatewayError {
    return invalidField(this.at(name), `\`${this.at(name)}\` ${says}.`);
  }

  refused(name: string, says: string): GatewayError {
    return refusedField(this.at(name), says);
  }
}

/** The same without what is undefined, for types whose fields are absent where nobody said them. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** A long number of an exactly parsed body is an object too, but not one of the client's. */
function isPlainObject(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && digitsOf(value) === undefined;
}

function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  const source = digitsOf(value);
  return source === undefined ? undefined : Number(source);
}
