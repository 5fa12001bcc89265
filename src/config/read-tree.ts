import { isMap, isScalar, isSeq } from 'yaml';

import type { Environment, Origin } from './config.ts';
import { type FieldSchema, plainOrSection, readsAsEmpty } from './field-schema.ts';
import { ConfigError, joinKey } from './problems.ts';
import { defaultOf, readScalar, wanted } from './read-scalar.ts';
import { suggestion } from './suggest.ts';
import { type YamlNode, type YamlSource, keyText, offsetOf } from './yaml-source.ts';

/** What the file says, typed by its schema but with `undefined` wherever a problem was reported. */
export type Draft<T> =
  T extends ReadonlyMap<string, infer Value>
    ? ReadonlyMap<string, Draft<Value> | undefined>
    : T extends object
      ? { readonly [Key in keyof T]: Draft<T[Key]> | undefined }
      : T;

/** Whether nothing in it had a problem of its own. */
export function isWhole<T>(draft: Draft<T>): draft is Draft<T> & T {
  return !holdsUndefined(draft);
}

function holdsUndefined(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined;
  const members: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  return [...members].some(holdsUndefined);
}

/** Characters; every value below has the name in its key. */
const MOST_NAME = 500;
/** Aliases of aliases make very many out of a short text. */
const MOST_VALUES = 300_000;

/** A single value, and where it came from. */
export interface FoundValue {
  readonly key: string;
  readonly schema: FieldSchema;
  /** Undefined of a default. */
  readonly node: YamlNode;
  readonly at: number | undefined;
}

/** A place in the file: the node, what messages call it, and where it begins (or would, if it is not there). */
interface Spot {
  readonly node: YamlNode;
  readonly key: string;
  readonly at: number;
}

/** A key with its value. */
interface Entry extends Spot {
  readonly name: string;
  readonly nameAt: number;
}

/** Reads a parsed file by its schema. Every problem goes to the source, and reading goes on behind it. */
export class TreeReader {
  /** By key, of every single value. */
  readonly origins = new Map<string, Origin>();
  /** By key too, with what the file has there. */
  readonly found = new Map<string, FoundValue>();
  /** What stands under a field that is secret, wherever it was written. */
  readonly secretNodes = new Set<YamlNode>();
  readonly #source: YamlSource;
  readonly #env: Environment;
  readonly #offsets = new Map<string, number>();
  #values = 0;

  constructor(source: YamlSource, env: Environment) {
    this.#source = source;
    this.#env = env;
  }

  /** The whole file; an empty one is all defaults. */
  readRoot(schema: FieldSchema): unknown {
    return this.#read(schema, { node: this.#source.root, key: '', at: 0 });
  }

  /** What a field is where the file does not name it; an optional one is not there. */
  readDefault(schema: FieldSchema, key: string): unknown {
    if ('~optional' in schema) return undefined;
    this.#count(key, 0);
    if (schema.type === 'array') return [];
    if (schema.type === 'object') {
      return schema.properties ? this.#addDefaults(schema, key, new Map()) : new Map<string, unknown>();
    }
    this.origins.set(key, 'default');
    this.found.set(key, { key, schema, node: undefined, at: undefined });
    return defaultOf(schema);
  }

  /** Reports a problem of a value that was read before; of one that is not there, where what it belongs `inside` begins. */
  report(key: string, message: string, inside = key): void {
    this.#source.report(this.#offsets.get(key) ?? this.#offsets.get(inside) ?? 0, key, message);
  }

  /** Whether something in this part was reported already. */
  hasProblems(key: string): boolean {
    return this.#source.hasProblemsIn(key);
  }

  #read(schema: FieldSchema, { node, key, at }: Spot): unknown {
    this.#count(key, offsetOf(node, at));
    const spot = { node: this.#source.follow(node), key, at: offsetOf(node, at) };
    this.#offsets.set(key, spot.at);
    if (node && !spot.node) return this.#problem(spot, 'no anchor of this name stands before it; write &name there');
    const either = plainOrSection(schema);
    if (either) return this.#read(isMap(spot.node) ? either.section : either.plain, spot);
    if (schema.anyOf) return this.#readVariant(schema.anyOf, spot);
    if (schema.type === 'array') return this.#readList(schema, spot);
    if (schema.type === 'object')
      return schema.properties ? this.#readSection(schema, spot) : this.#readNamed(schema, spot);
    this.origins.set(key, 'file');
    this.found.set(key, { key, schema, node: spot.node, at: spot.at });
    if (schema.writeOnly && isScalar(spot.node)) this.secretNodes.add(spot.node);
    const outcome = readScalar(schema, spot.node, this.#env);
    return 'value' in outcome ? outcome.value : this.#problem(spot, outcome.problem);
  }

  #readSection(schema: FieldSchema, spot: Spot, entries = this.#entries(spot, readsAsEmpty(schema))): unknown {
    if (!entries) return undefined;
    const fields = new Map(Object.entries(schema.properties ?? {}));
    const given = new Map<string, unknown>();
    for (const entry of entries) {
      const field = fields.get(entry.name);
      if (field) given.set(entry.name, this.#read(field, entry));
      else
        this.#problem(
          { ...entry, at: entry.nameAt },
          `unknown key; ${suggestion(entry.name, [...fields.keys()], 'the keys here are')}`,
        );
    }
    for (const name of schema.required ?? []) {
      const field = fields.get(name);
      if (field && !given.has(name)) {
        given.set(name, this.#problem({ ...spot, key: joinKey(spot.key, name) }, `missing; ${wanted(field)}`));
      }
    }
    const oneOf = schema['x-one-of'];
    if (oneOf && !oneOf.some((name) => given.has(name))) {
      const written = oneOf.map((name) => `${name} (${wanted(fields.get(name) ?? {})})`);
      this.#problem(spot, `one of these keys has to be there: ${written.join(', or ')}`);
    }
    return this.#addDefaults(schema, spot.key, given);
  }

  #addDefaults(schema: FieldSchema, key: string, given: ReadonlyMap<string, unknown>): Record<string, unknown> {
    const section: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const value = given.has(name) ? given.get(name) : this.readDefault(field, joinKey(key, name));
      // What had a problem is there, and undefined.
      if (value !== undefined || given.has(name)) section[name] = value;
    }
    return section;
  }

  #readNamed(schema: FieldSchema, spot: Spot): unknown {
    const entries = this.#entries(spot, true);
    const pattern = new RegExp(schema.propertyNames?.pattern ?? '');
    const named = new Map<string, unknown>();
    for (const entry of entries ?? []) {
      if (!pattern.test(entry.name)) {
        this.#problem({ ...entry, at: entry.nameAt }, `not a name for here; write ${schema['x-names']}`);
      }
      named.set(entry.name, this.#read(schema.additionalProperties || {}, entry));
    }
    return entries && named;
  }

  #readVariant(variants: readonly FieldSchema[], spot: Spot): unknown {
    const entries = this.#entries(spot, false);
    if (!entries) return undefined;
    const words = variants.map(wordOf);
    const entry = entries.find(({ name }) => name === 'type');
    if (!entry) {
      return this.#problem({ ...spot, key: joinKey(spot.key, 'type') }, `missing; write one of: ${words.join(', ')}`);
    }
    const word = this.#read({ type: 'string', enum: words }, entry);
    const variant = variants.find((candidate) => wordOf(candidate) === word);
    return variant && this.#readSection(variant, spot, entries);
  }

  #readList(schema: FieldSchema, spot: Spot): unknown {
    const { node, key } = spot;
    if (!isSeq(node)) return this.#problem(spot, 'not a list; write [first, second] or one line with "- " for each');
    if (node.items.length < (schema.minItems ?? 0))
      return this.#problem(spot, 'an empty list; add to it or remove the key');
    return node.items.map((item, at) =>
      this.#read(schema.items ?? {}, { node: item, key: `${key}[${at}]`, at: spot.at }),
    );
  }

  #entries({ node, key, at }: Spot, mayBeEmpty: boolean): Entry[] | undefined {
    const isEmpty = node === null || node === undefined || ('value' in node && node.value === null);
    if (isEmpty && mayBeEmpty) return [];
    if (!isMap(node)) return this.#problem({ node, key, at }, 'not a section; write "key: value" lines below it');
    return node.items.flatMap((pair) => {
      const nameNode = pair.key as YamlNode;
      const nameAt = offsetOf(nameNode, at);
      const name = keyText(this.#source.follow(nameNode));
      if (name !== undefined && name.length > MOST_NAME)
        return this.#problem({ node, key, at: nameAt }, `a key of more than ${MOST_NAME} characters`) ?? [];
      if (name !== undefined) return [{ name, nameAt, node: pair.value, key: joinKey(key, name), at: nameAt }];
      return this.#problem({ node, key, at: nameAt }, 'a key is not a plain word; write "key: value"') ?? [];
    });
  }

  #count(key: string, at: number): void {
    this.#values += 1;
    if (this.#values <= MOST_VALUES) return;
    this.#source.report(at, key, `with this there are more than ${MOST_VALUES} values; write fewer aliases (*name)`);
    throw new ConfigError(this.#source.problems);
  }

  #problem({ key, at }: Spot, message: string): undefined {
    this.#source.report(at, key, message);
  }
}

function wordOf(variant: FieldSchema): string {
  return variant.properties?.['type']?.const ?? '';
}
