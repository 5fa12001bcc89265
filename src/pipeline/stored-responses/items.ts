import { inputItemId } from '../../core/inference/response-ids.ts';
import { parseExact } from '../../core/inference/exact-json.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import type { KeptTurn } from './stored-response.ts';

/** The items that `input` stands for. */
export function itemsOf(input: Json | undefined): Json[] {
  if (Array.isArray(input)) return input;
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : [];
}

/** The id of the item that a reference is to; undefined where the item is none. Its type may be left out. */
export function referenceIn(item: Json): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const { type, role } = item;
  const isReference = type === 'item_reference' || ((type === undefined || type === null) && role === undefined);
  return isReference ? asString(item['id']) : undefined;
}

/** What was said in a turn. */
export function itemsIn({ input, response }: KeptTurn): Json[] {
  const { output } = parsed(response);
  const given = parseExact(input);
  return [...(Array.isArray(given) ? given : []), ...(Array.isArray(output) ? output : [])];
}

/** What a turn began with. */
export function inputIn({ input }: KeptTurn): Json[] {
  const given = parseExact(input);
  return Array.isArray(given) ? given : [];
}

function parsed(response: string): JsonObject {
  const value = parseExact(response);
  return isJsonObject(value) ? value : {};
}

const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  reasoning: 'rs',
};

/** Items as they are kept and listed: with ids and types, and with texts as parts. */
export function keptItems(items: readonly Json[], callId: string): Json[] {
  return items.map((item, at) => (isJsonObject(item) ? keptItem(item, callId, at) : item));
}

function keptItem(item: JsonObject, callId: string, at: number): JsonObject {
  const type = asString(item['type']) ?? 'message';
  const id = asString(item['id']) ?? inputItemId(PREFIXES[type] ?? 'item', callId, at);
  const kept: JsonObject = { ...item, type, id };
  if (type !== 'message') return kept;
  return { ...kept, status: item['status'] ?? 'completed', content: partsOf(item) };
}

function partsOf({ role, content }: JsonObject): Json | undefined {
  if (typeof content !== 'string') return content;
  return [
    role === 'assistant'
      ? { type: 'output_text', text: content, annotations: [], logprobs: [] }
      : { type: 'input_text', text: content },
  ];
}

/** Items for a provider that does not know our ids, nor can open reasoning that others sealed. */
export function foreignItems(items: readonly Json[]): Json[] {
  return items.filter((item) => !isJsonObject(item) || item['type'] !== 'reasoning').map(withoutId);
}

function withoutId(item: Json): Json {
  if (!isJsonObject(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([field]) => field !== 'id'));
}
