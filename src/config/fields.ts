import {
  type Static,
  type TArray,
  type TObject,
  type TProperties,
  type TSchema,
  type TSchemaOptions,
  type TUnsafe,
  Type,
} from 'typebox';

import { parseDuration, parseSize } from '../core/units.ts';

/**
 * The fields that `causeway.yaml` is made of. A room writes its part of the schema with them in `settings.ts`:
 *
 *     export const LogSettings = section({ level: choice(['info', 'debug'], { description: '…', default: 'info' }) });
 *     export type LogSettings = Static<typeof LogSettings>;
 *
 * The static type is what the code gets, not what the file says: a `Duration` is written `10s` and read as 10000.
 * A field with a default may be left out of the file and is always there in the code; `Type.Optional` has neither.
 */

/** A text with a meaning of its own: how to say what it is, and how to read it (`undefined` = it is not one). */
interface TextKind {
  readonly what: string;
  readonly write: string;
  readonly pattern: string;
  readonly read: (text: string) => unknown;
}

export const TEXT_KINDS = {
  duration: {
    what: 'a duration',
    write: 'a number with a unit (ms, s, m, h, d), e.g. 10s',
    pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$',
    read: parseDuration,
  },
  size: {
    what: 'a size',
    write: 'a number with a unit (B, KB, MB, GB), e.g. 10MB',
    pattern: '^\\d+(\\.\\d+)?(B|KB|MB|GB)$',
    read: parseSize,
  },
  url: {
    what: 'a base URL',
    write: 'an http(s) address without user, query or fragment, e.g. http://127.0.0.1:8000/v1',
    pattern: '^[hH][tT][tT][pP][sS]?://[^\\s?#@/]+(/[^\\s?#]*)?$',
    read: readBaseUrl,
  },
  target: {
    what: 'a target',
    write: 'provider/model, e.g. openai/gpt-5-mini',
    pattern: '^[^\\s/]+/\\S+$',
    read: readTarget,
  },
  header: {
    what: 'a header value',
    write: 'one line of printable text',
    pattern: '^[\\x20-\\x7e\\t]*$',
    read: (text: string) => (/^[\x20-\x7e\t]*$/.test(text) ? text : undefined),
  },
} as const satisfies Record<string, TextKind>;

export type TextKindName = keyof typeof TEXT_KINDS;

/** One provider and one of its models, as written `provider/model`. */
export interface TargetName {
  readonly provider: string;
  readonly model: string;
}

/** What every field says about itself; editors and `docs/config.md` show it. */
export interface FieldNotes<Written = string> {
  readonly description: string;
  /** As it would be written in the file. */
  readonly default?: Written;
  readonly examples?: readonly Written[];
  /** A change takes effect only with the next start. */
  readonly restart?: boolean;
}

function notes({ restart, ...rest }: FieldNotes<unknown>): TSchemaOptions {
  return restart === true ? { ...rest, 'x-restart': true } : rest;
}

function textOf<Read>(kind: TextKindName, field: FieldNotes): TUnsafe<Read> {
  return Type.Unsafe<Read>({ type: 'string', pattern: TEXT_KINDS[kind].pattern, 'x-kind': kind, ...notes(field) });
}

/** Written `10s`, read as milliseconds. */
export const Duration = (field: FieldNotes): TUnsafe<number> => textOf('duration', field);

/** Written `10MB`, read as bytes. */
export const Size = (field: FieldNotes): TUnsafe<number> => textOf('size', field);

/** The address that a provider's paths are added to, read without a slash at its end. */
export const BaseUrl = (field: FieldNotes): TUnsafe<string> => textOf('url', field);

/** Written `provider/model`, read as its two parts. */
export const TargetRef = (field: FieldNotes): TUnsafe<TargetName> => textOf('target', field);

/** A header value; it may be a credential, so no message quotes it. */
export const HeaderValue = (field: FieldNotes): TUnsafe<string> =>
  Type.Unsafe<string>({ ...textOf<string>('header', field), writeOnly: true });

/** Dollars, not negative. */
export const Usd = (field: FieldNotes<number>): TUnsafe<number> =>
  Type.Unsafe<number>({ type: 'number', minimum: 0, ...notes(field) });

export const Text = (field: FieldNotes): TUnsafe<string> =>
  Type.Unsafe<string>({ type: 'string', minLength: 1, ...notes(field) });

/** A credential: no message quotes it. */
export const Secret = (field: FieldNotes): TUnsafe<string> =>
  Type.Unsafe<string>({ type: 'string', minLength: 1, writeOnly: true, ...notes(field) });

export const Flag = (field: FieldNotes<boolean>): TUnsafe<boolean> =>
  Type.Unsafe<boolean>({ type: 'boolean', ...notes(field) });

export interface Bounds {
  readonly minimum: number;
  readonly maximum?: number;
}

export const Int = (field: FieldNotes<number> & Bounds): TUnsafe<number> =>
  Type.Unsafe<number>({ type: 'integer', ...notes(field) });

export const Num = (field: FieldNotes<number> & Bounds): TUnsafe<number> =>
  Type.Unsafe<number>({ type: 'number', ...notes(field) });

/** One of a few words. */
export function choice<const Words extends readonly string[]>(
  words: Words,
  field: FieldNotes<Words[number]>,
): TUnsafe<Words[number]> {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...notes(field) });
}

export function list<Item extends TSchema>(
  item: Item,
  field: Omit<FieldNotes, 'default' | 'examples'> & { readonly minItems?: number },
): TArray<Item> {
  return Type.Array(item, notes(field));
}

/** A part of the file with keys of its own; other keys are errors. */
export function section<Fields extends TProperties>(
  fields: Fields,
  field: Partial<FieldNotes<never>> = {},
): TObject<Fields> {
  const required = Object.keys(fields).filter((key) => isRequired(fields[key] as TSchema));
  return Object.assign(Type.Object(fields, { ...field, additionalProperties: false }), { required });
}

/** A part of the file whose keys are names that the operator chooses, read as a Map in the file's order. */
export function named<Value extends TSchema>(
  value: Value,
  field: Omit<FieldNotes, 'default' | 'examples'> & { readonly names: RegExp; readonly namesAre: string },
): TUnsafe<ReadonlyMap<string, Static<Value>>> {
  const { names, namesAre, ...rest } = field;
  return Type.Unsafe<ReadonlyMap<string, Static<Value>>>({
    type: 'object',
    additionalProperties: value,
    propertyNames: { pattern: names.source },
    'x-names': namesAre,
    ...notes(rest),
  });
}

/** One of several sections, told apart by the word under `type`. */
export function byType<Variants extends TObject[]>(variants: [...Variants]): TUnsafe<Static<Variants[number]>> {
  return Type.Unsafe<Static<Variants[number]>>({ anyOf: variants, 'x-by': 'type' });
}

/** A section that requires nothing is read as if it were empty where it is left out. */
export function isRequired(schema: TSchema): boolean {
  const { default: value, type, required, anyOf } = schema as Record<string, unknown>;
  if (Type.IsOptional(schema) || value !== undefined) return false;
  if (type !== 'object' || anyOf !== undefined) return true;
  return Array.isArray(required) && required.length > 0;
}

function readBaseUrl(text: string): string | undefined {
  if (!new RegExp(TEXT_KINDS.url.pattern).test(text) || !URL.canParse(text)) return undefined;
  return text.replace(/\/+$/, '');
}

function readTarget(text: string): TargetName | undefined {
  if (!new RegExp(TEXT_KINDS.target.pattern).test(text)) return undefined;
  const slash = text.indexOf('/');
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}
