import { type Static, type TArray, type TObject, type TProperties, type TSchema, type TUnsafe, Type } from 'typebox';

import type { Network } from '../core/network-address.ts';
import type { Rate as RateValue } from '../core/units.ts';
import { type FieldSchema, isRequired } from './field-schema.ts';
import { TEXT_KINDS, type TargetName, type TextKindName } from './text-kinds.ts';

/**
 * The fields that `causeway.yaml` is made of. A room writes its part of the schema with them in `settings.ts`:
 *
 *     export const LogSettings = section({ level: choice(['info', 'debug'], { description: '…', default: 'info' }) });
 *     export type LogSettings = Static<typeof LogSettings>;
 *
 * The static type is what the code gets, not what the file says: a `Duration` is written `10s` and read as 10000.
 * A field with a default may be left out of the file and is always there in the code; `Type.Optional` has neither.
 */

/** What a field says about itself; editors and `docs/config.md` show it. */
export interface FieldNotes<Written = string> {
  readonly description: string;
  /** As it would be written in the file. */
  readonly default?: Written;
  readonly examples?: readonly Written[];
  /** A change takes effect only with the next start. */
  readonly restart?: boolean;
}

/** What a list or a section of names says about itself: left out, it is empty. */
export type PartNotes = Pick<FieldNotes, 'description' | 'restart'>;

export interface Bounds {
  readonly minimum: number;
  readonly maximum?: number;
}

function field<Read>(schema: FieldSchema, { restart, ...notes }: Partial<FieldNotes<unknown>>): TUnsafe<Read> {
  return Type.Unsafe<Read>({ ...schema, ...notes, ...(restart === true ? { 'x-restart': true } : {}) });
}

function textOf<Read>(kind: TextKindName, notes: FieldNotes, more: FieldSchema = {}): TUnsafe<Read> {
  const pattern = { pattern: TEXT_KINDS[kind].pattern.source };
  return field<Read>({ type: 'string', ...pattern, 'x-kind': kind, ...more }, notes);
}

/** Written `10s`, read as milliseconds. */
export const Duration = (notes: FieldNotes): TUnsafe<number> => textOf('duration', notes);

/** Written `30d`, read as milliseconds: how long something is kept. No timer runs that long. */
export const Age = (notes: FieldNotes): TUnsafe<number> => textOf('age', notes);

/** Written `10MB`, read as bytes. */
export const Size = (notes: FieldNotes): TUnsafe<number> => textOf('size', notes);

/** Written `500/1m`, read as a number and its window in milliseconds. */
export const Rate = (notes: FieldNotes): TUnsafe<RateValue> => textOf('rate', notes);

/** Written `300ms`, read as milliseconds; or `p95`. */
export const HedgeDelay = (notes: FieldNotes): TUnsafe<number | 'p95'> => textOf('hedgeDelay', notes);

/** Written `09:30`, read as minutes since midnight. */
export const TimeOfDay = (notes: FieldNotes): TUnsafe<number> => textOf('timeOfDay', notes);

/** The address that a provider's paths are added to, read without a slash at its end. */
export const BaseUrl = (notes: FieldNotes): TUnsafe<string> => textOf('url', notes);

/** Written `provider/model`, read as its two parts. */
export const TargetRef = (notes: FieldNotes): TUnsafe<TargetName> => textOf('target', notes);

/** Written `10.0.0.0/8`, or as one address. */
export const NetworkRef = (notes: FieldNotes): TUnsafe<Network> => textOf('network', notes);

/** A header's value; it may be a credential, so no message quotes it. */
export const HeaderValue = (notes: FieldNotes): TUnsafe<string> => textOf('header', notes, { writeOnly: true });

/** A text that is not empty. */
export const Text = (notes: FieldNotes): TUnsafe<string> => field({ type: 'string', minLength: 1 }, notes);

/** A credential: no message quotes it. */
export const Secret = (notes: FieldNotes): TUnsafe<string> =>
  field({ type: 'string', minLength: 1, writeOnly: true }, notes);

export const Flag = (notes: FieldNotes<boolean>): TUnsafe<boolean> => field({ type: 'boolean' }, notes);

/** Dollars, not negative. */
export const Usd = (notes: FieldNotes<number>): TUnsafe<number> => field({ type: 'number', minimum: 0 }, notes);

export const Int = (notes: FieldNotes<number> & Bounds): TUnsafe<number> => field({ type: 'integer' }, notes);

export const Num = (notes: FieldNotes<number> & Bounds): TUnsafe<number> => field({ type: 'number' }, notes);

/** One of a few words. */
export function choice<const Words extends readonly string[]>(
  words: Words,
  notes: FieldNotes<Words[number]>,
): TUnsafe<Words[number]> {
  return field<Words[number]>({ type: 'string', enum: words }, notes);
}

/** The word under `type` that tells the variants of {@link byType} apart. */
export const typeWord = <Word extends string>(word: Word, notes: Pick<FieldNotes, 'description'>): TUnsafe<Word> =>
  field<Word>({ type: 'string', const: word }, notes);

export function list<Item extends TSchema>(
  item: Item,
  notes: PartNotes & { readonly minItems?: number },
): TArray<Item> {
  return Type.Array(item, { ...notes });
}

/** A part of the file with keys of its own; other keys are errors. `oneOf`: at least one of these has to be there. */
export function section<Fields extends TProperties>(
  fields: Fields,
  { oneOf, ...notes }: Partial<Pick<FieldNotes, 'description'>> & { readonly oneOf?: readonly string[] } = {},
): TObject<Fields> {
  const required = Object.entries<TSchema>(fields).flatMap(([key, schema]) => (isRequired(schema) ? [key] : []));
  const rules = oneOf === undefined ? { required } : { required, 'x-one-of': oneOf };
  return Object.assign(Type.Object(fields, { ...notes, additionalProperties: false }), rules);
}

/** A part that stands in several places, and is told of once. */
export function shared<Part extends TSchema>(part: Part, as: NonNullable<FieldSchema['x-shared']>): Part {
  return Object.assign(part, { 'x-shared': as });
}

/** A part of the file whose keys are names that the operator chooses, read as a Map in the file's order. */
export function named<Value extends TSchema>(
  value: Value,
  notes: PartNotes & { readonly names: RegExp; readonly namesAre: string },
): TUnsafe<ReadonlyMap<string, Static<Value>>> {
  const { names, namesAre, ...rest } = notes;
  const schema = { type: 'object', additionalProperties: value, propertyNames: { pattern: names.source } } as const;
  return field({ ...schema, 'x-names': namesAre }, rest);
}

/** A text where that says enough, or a section. */
export function plainOr<Plain extends TSchema, Fields extends TObject>(
  plain: Plain,
  fields: Fields,
): TUnsafe<Static<Plain> | Static<Fields>> {
  return field<Static<Plain> | Static<Fields>>({ anyOf: [plain, fields] }, {});
}

/** One of several sections, told apart by the word under `type`. */
export function byType<Variants extends TObject[]>(variants: [...Variants]): TUnsafe<Static<Variants[number]>> {
  return field<Static<Variants[number]>>({ anyOf: variants }, {});
}
