import type { CallBody } from '../../core/call-body.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';

/** An id in a body that names something that a provider keeps. */
export interface Reference {
  readonly id: string;
  /** The field in which it stands, for a message. */
  readonly field: string;
}

/**
 * Fields of requests that name such things, in OpenAI's and Anthropic's APIs. An id elsewhere is only text.
 * @see https://platform.openai.com/docs/api-reference (checked 2026-11-21)
 */
const FIELDS: ReadonlySet<string> = new Set([
  'file_id',
  'file_ids',
  'input_file_id',
  'previous_response_id',
  'container',
  'container_id',
  'vector_store_id',
  'vector_store_ids',
  'conversation',
  'cached_content',
  'cachedContent',
]);

/** What clients make up themselves: schemas, arguments and results of their own tools, notes. */
const OF_CLIENTS: ReadonlySet<string> = new Set([
  'parameters',
  'input_schema',
  'schema',
  'metadata',
  'args',
  'response',
]);

/** Gemini names a file by its address; any other address is a public one. */
const FILE_ADDRESSES: ReadonlySet<string> = new Set(['fileUri', 'file_uri']);
const OF_GEMINI = /^(?:https:\/\/generativelanguage\.googleapis\.com\/(?:v1(?:beta)?\/)?)?(files\/[^/?]+)/;

/** What is in the bytes of every body that has such a field, or that may hide one behind an escape. */
const SIGNS = ['_id', '"container"', '"conversation"', 'cached', 'fileUri', 'file_uri', '\\u00'] as const;

/** Many ids are no request but a search for what others have. */
export const MOST_REFERENCES = 500;

/** Every reference of a body, each once. Bodies without any are not looked through. */
export function referencesIn(body: CallBody): Reference[] {
  const { raw } = body;
  if (!SIGNS.some((sign) => raw.includes(sign))) return [];
  const found = new Map<string, Reference>();
  collect(body.resolved, undefined, found);
  return [...found.values()];
}

type Found = Map<string, Reference>;

function collect(value: Json, field: string | undefined, found: Found): void {
  if (typeof value === 'string') {
    if (field !== undefined && value !== '' && value !== 'auto') found.set(value, { id: value, field });
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, field, found);
  } else if (isJsonObject(value)) {
    collectFields(value, field, found);
  }
}

/** `container: { id }` and `conversation: { id }` are references too. */
function collectFields(value: JsonObject, field: string | undefined, found: Found): void {
  const isToolUse = typeof value['type'] === 'string' && value['type'].endsWith('tool_use');
  for (const name in value) {
    const part = value[name];
    if (part === undefined || OF_CLIENTS.has(name) || (isToolUse && name === 'input')) continue;
    if (FIELDS.has(name)) collect(part, name, found);
    else if (name === 'id' && field !== undefined) collect(part, field, found);
    else if (FILE_ADDRESSES.has(name) && typeof part === 'string') collectAddress(part, name, found);
    else collect(part, undefined, found);
  }
}

function collectAddress(address: string, field: string, found: Found): void {
  const id = OF_GEMINI.exec(address)?.[1];
  if (id !== undefined) found.set(id, { id, field });
}
