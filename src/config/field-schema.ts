import type { TSchema } from 'typebox';

import type { TextKindName } from './text-kinds.ts';

/** A field as plain JSON Schema, which is how the reader, the published schema and the reference look at it. */
export interface FieldSchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  /** As it would be written in the file. */
  readonly default?: string | number | boolean;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** At least one of these keys has to be there. */
  readonly 'x-one-of'?: readonly string[];
  readonly additionalProperties?: FieldSchema | false;
  readonly propertyNames?: { readonly pattern: string };
  /** Sections told apart by the word under `type`; or a plain value and the section that may stand in its place. */
  readonly anyOf?: readonly FieldSchema[];
  /** A credential: no message quotes it. */
  readonly writeOnly?: boolean;
  readonly 'x-kind'?: TextKindName;
  /** What the names in a section of names are, for messages. */
  readonly 'x-names'?: string;
  /** It stands in several places: its name in the published schema, and where the reference has its keys. */
  readonly 'x-shared'?: { readonly name: string; readonly keysOf: string };
  /** A change takes effect only with the next start. */
  readonly 'x-restart'?: boolean;
  /** Set by `Type.Optional`; not enumerable, so never published. */
  readonly '~optional'?: true;
}

/** The same schema, as the reader looks at it. */
export function asField(schema: TSchema): FieldSchema {
  return schema;
}

/** Whether a section must name this key: it is not optional, has no default, and cannot be read as empty. */
export function isRequired(schema: FieldSchema): boolean {
  if ('~optional' in schema || schema.default !== undefined) return false;
  return !readsAsEmpty(schema);
}

/** Of a plain value and the section that may stand in its place: the one or the other. Undefined of anything else. */
export function plainOrSection({ anyOf }: FieldSchema): { plain: FieldSchema; section: FieldSchema } | undefined {
  const plain = anyOf?.find(({ properties }) => properties === undefined);
  const section = anyOf?.find(({ properties }) => properties !== undefined);
  return plain && section && { plain, section };
}

/** A section that requires nothing, names and lists are empty where they are left out. */
export function readsAsEmpty(schema: FieldSchema): boolean {
  if (schema.type === 'array') return schema.minItems === undefined;
  return schema.type === 'object' && (schema.required ?? []).length === 0;
}
