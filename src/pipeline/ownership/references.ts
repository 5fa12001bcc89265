import type { CallBody } from '../../core/call-body.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { type JsonShape, shapeOf } from '../../core/json-shape.ts';
import { doubledKey } from '../../core/json-spans.ts';
import { FILE_ADDRESSES, KEPT_NAMES } from '../../core/kept-names.ts';

/** An id in a body that names something that a provider keeps. */
export interface Reference {
  readonly id: string;
  /** The field in which it stands, for a message. */
  readonly field: string;
}

/** What clients make up themselves: schemas, arguments and results of their own tools, notes. */
const OF_CLIENTS: ReadonlySet<string> = new Set([
  'parameters',
  'parametersJsonSchema',
  'input_schema',
  'schema',
  'responseSchema',
  'responseJsonSchema',
  'metadata',
  'args',
  'response',
]);

/** A file of Gemini's, by its address. */
const OF_GEMINI = /^(?:https?:\/\/[^/?#]*googleapis\.com(?::\d+)?\/(?:[^?#]*\/)?)?(files\/[^/?#]+)/i;

/** No API nests its requests so deep. */
const MOST_DEPTH = 500;

/** Many ids are no request but a search for what others have. */
export const MOST_REFERENCES = 500;

/** A body to be looked through. */
interface Referring extends Pick<CallBody, 'raw' | 'resolved'> {
  /** Of its bytes, where it is known. */
  readonly shape?: JsonShape;
}

/**
 * Every reference of a body, each once. Bodies without a key that may name one are not looked through.
 * @throws request_invalid where one could be read in two ways
 */
export function referencesIn(body: Referring): readonly Reference[] {
  const { mayRefer, saysAudio, isClear } = body.shape ?? shapeOf(body.raw);
  if (!mayRefer && !saysAudio) return NO_REFERENCES;
  const { resolved } = body;
  const collector = new Collector();
  for (const name in resolved) collector.field(resolved[name], name, undefined);
  if (!isClear) rejectDoubledKeys(body.raw);
  return [...collector.found.values()];
}

const NO_REFERENCES: readonly Reference[] = [];

class Collector {
  readonly found = new Map<string, Reference>();
  #depth = 0;

  /** `container: { id }` and `conversation: { id }` are references too. */
  field(value: Json | undefined, name: string, parent: string | undefined): void {
    if (value === undefined || OF_CLIENTS.has(name)) return;
    if (KEPT_NAMES.has(name)) this.#value(value, name);
    else if (name === 'id' && parent !== undefined) this.#value(value, parent);
    else if (name === 'audio') this.#audio(value);
    else if (FILE_ADDRESSES.has(name) && typeof value === 'string') this.#address(value, name);
    else this.#value(value, undefined);
  }

  #value(value: Json, field: string | undefined): void {
    if (typeof value === 'string') {
      if (field !== undefined && value !== '' && value !== 'auto') this.#add(value, field);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH)
      throw new GatewayError('request_invalid', { message: 'The body is nested too deep.' });
    if (Array.isArray(value)) for (const item of value) this.#value(item, field);
    else this.#fields(value, field);
    this.#depth -= 1;
  }

  #fields(value: JsonObject, field: string | undefined): void {
    const isToolUse = typeof value['type'] === 'string' && value['type'].endsWith('tool_use');
    for (const name in value) {
      if (!isToolUse || name !== 'input') this.field(value[name], name, field);
    }
  }

  /** What an assistant said before, which its provider keeps for a while; elsewhere the field is how to speak. */
  #audio(value: Json): void {
    const id = isJsonObject(value) ? value['id'] : undefined;
    if (typeof id === 'string') this.#add(id, 'audio.id');
    else this.#value(value, undefined);
  }

  #address(address: string, field: string): void {
    const id = OF_GEMINI.exec(address)?.[1];
    if (id !== undefined) this.#add(id, field);
  }

  #add(id: string, field: string): void {
    this.found.set(id, { id, field });
  }
}

/**
 * Readers differ in which of two equal keys they take, so that one could pass here and the other be acted on.
 * @param bytes valid JSON
 * @throws request_invalid
 */
export function rejectDoubledKeys(bytes: Buffer): void {
  const key = doubledKey(bytes);
  if (key === undefined) return;
  throw new GatewayError('request_invalid', {
    message: `The body names "${key.slice(0, 100)}" twice in one object. Send each field once.`,
  });
}

/**
 * Items of a response's input that stand for what the provider keeps: references, and those without what they say.
 * @see https://platform.openai.com/docs/api-reference/responses/create (checked 2026-11-21)
 */
export function itemReferencesIn({ input }: JsonObject): Reference[] {
  if (!Array.isArray(input)) return [];
  return input.flatMap((item, at) => {
    const id = isJsonObject(item) && standsForKept(item) ? item['id'] : undefined;
    return typeof id === 'string' ? [{ id, field: `input[${at}].id` }] : [];
  });
}

function standsForKept(item: JsonObject): boolean {
  switch (item['type'] ?? undefined) {
    case undefined:
      return item['role'] === undefined;
    case 'item_reference':
      return true;
    case 'reasoning':
      return isNothing(item['encrypted_content']) && isNothing(item['content']);
    case 'image_generation_call':
      return isNothing(item['result']);
    default:
      return false;
  }
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
