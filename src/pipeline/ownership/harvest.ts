import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../core/json.ts';
import type { ReplyStream } from '../../core/reply.ts';

/** Ids of what a provider made in the course of an answer, and which later requests may name. */
export interface Made {
  readonly kind: 'response' | 'item' | 'message' | 'container' | 'file' | 'audio';
  readonly id: string;
}

/** What is in every piece of an answer that has such an id; the rest is not parsed. */
const SIGNS = ['"output"', '"item"', '"response"', '"message"', '"container"', 'file_id', '"audio"'] as const;

/** Answers have fewer; the store must not be filled by one. */
const MOST = 1000;

/**
 * Gathers what answers say that was made. Only places are read that the provider fills: an answer also repeats what
 * its client said, such as tools and notes, and quotes what the model wrote, such as arguments.
 */
export class Harvest {
  readonly #seen = new Set<string>();

  /** What a body or a stream's event says for the first time. */
  in(said: JsonObject): Made[] {
    return [...madeBy(said)].filter(({ id }) => {
      if (this.#seen.has(id) || this.#seen.size >= MOST) return false;
      this.#seen.add(id);
      return true;
    });
  }

  inBytes(bytes: Uint8Array): Made[] {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!SIGNS.some((sign) => text.includes(sign))) return [];
    return dataOf(text.toString('utf8')).flatMap((data) => {
      const said = parseJson(data);
      return isJsonObject(said) ? this.in(said) : [];
    });
  }
}

/** Watches a stream for them; its frames are whole, so that no id is cut. */
export function watchMade(stream: ReplyStream, found: (made: readonly Made[]) => void): void {
  const harvest = new Harvest();
  stream.observe({
    item({ bytes }) {
      const made = bytes ? harvest.inBytes(bytes) : [];
      if (made.length > 0) found(made);
    },
  });
}

/** The data of server-sent events. */
function dataOf(frames: string): string[] {
  return frames.split(/\r\n\r\n|\n\n|\r\r/).flatMap((frame) => {
    const lines = frame.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
    return lines.length === 0 ? [] : [lines.map((line) => line.slice('data:'.length)).join('\n')];
  });
}

/** OpenAI's responses and their events, chat completions and their chunks, Anthropic's messages and their events. */
function* madeBy(said: JsonObject): Generator<Made> {
  if (said['object'] === 'response') yield* inResponse(said);
  yield* inResponse(objectIn(said, 'response'));
  yield* inItem(objectIn(said, 'item'));
  for (const choice of listIn(said, 'choices')) {
    for (const part of ['message', 'delta']) yield* idIn(objectIn(objectIn(choice, part), 'audio'), 'audio');
  }
  yield* inMessage(said);
  yield* inMessage(objectIn(said, 'message'));
  yield* idIn(objectIn(objectIn(said, 'delta'), 'container'), 'container');
  yield* inBlock(objectIn(said, 'content_block'));
}

function* inResponse(response: JsonObject): Generator<Made> {
  yield* idIn(response, 'response');
  for (const item of listIn(response, 'output')) yield* inItem(item);
}

function* inItem(item: JsonObject): Generator<Made> {
  yield* idIn(item, 'item');
  const container = asString(item['container_id']);
  if (container !== undefined) yield { kind: 'container', id: container };
}

function* inMessage(message: JsonObject): Generator<Made> {
  if (message['type'] === 'message') yield* idIn(message, 'message');
  yield* idIn(objectIn(message, 'container'), 'container');
  for (const block of listIn(message, 'content')) yield* inBlock(block);
}

/** Files that code wrote. Files that are only cited may be somebody else's. */
function* inBlock(block: JsonObject): Generator<Made> {
  if (asString(block['type'])?.endsWith('code_execution_tool_result') !== true) return;
  for (const output of listIn(objectIn(block, 'content'), 'content')) {
    const id = asString(output['file_id']);
    if (id !== undefined) yield { kind: 'file', id };
  }
}

function* idIn(of: JsonObject, kind: Made['kind']): Generator<Made> {
  const id = asString(of['id']);
  if (id !== undefined) yield { kind, id };
}

const NOTHING: JsonObject = {};

function objectIn(of: JsonObject, name: string): JsonObject {
  const value = of[name];
  return isJsonObject(value) ? value : NOTHING;
}

function listIn(of: JsonObject, name: string): JsonObject[] {
  const value: Json | undefined = of[name];
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}
