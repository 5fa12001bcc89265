import type { Dialect } from '../../src/core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';

/** A tool call as a client gets it. */
export interface ReadCall {
  readonly id: string;
  readonly name: string;
  /** The JSON text of the arguments; undefined where the wire has only their value. */
  readonly text: string | undefined;
  /** Undefined where the text is no JSON. */
  readonly value: unknown;
}

/** Tokens as OpenAI counts them: the input includes what was cached, the output includes reasoning. */
export interface ReadUsage {
  readonly input: number;
  readonly output: number;
  readonly cached: number | undefined;
  readonly reasoning: number | undefined;
}

/** What the first answer on a wire says, whatever the wire. */
export interface Reading {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ReadCall[];
  /** In the wire's own word. */
  readonly finish: string | undefined;
  readonly usage: ReadUsage | undefined;
}

/**
 * Reads the bytes of an answer by the provider's documents alone and with no code of the gateway, to compare it with.
 * What a provider's own tools were asked and said is left out, as it is no part of what the model says to the client.
 */
export function readPlainly(dialect: Dialect, kind: 'stream' | 'whole', bytes: Buffer): Reading {
  if (dialect === 'openai') return kind === 'whole' ? openAiWhole(objectIn(bytes)) : openAiStream(framesIn(bytes));
  return anthropicMessage(kind === 'whole' ? objectIn(bytes) : anthropicStream(framesIn(bytes)));
}

function objectIn(bytes: Buffer): JsonObject {
  return JSON.parse(bytes.toString()) as JsonObject;
}

/** The JSON of every frame; a frame's name stands in its data too, on both wires. */
function framesIn(bytes: Buffer): JsonObject[] {
  return bytes
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)) as JsonObject);
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function valueOf(written: string): unknown {
  try {
    return JSON.parse(written === '' ? '{}' : written);
  } catch {
    return undefined;
  }
}

function openAiWhole(body: JsonObject): Reading {
  const [choice = {}] = objects(body['choices']);
  const message = object(choice['message']);
  return {
    text: saidIn(message),
    reasoning: thoughtIn(message),
    calls: objects(message['tool_calls']).map((call) => openAiCall(call)),
    finish: text(choice['finish_reason']) || undefined,
    usage: openAiUsage(body['usage']),
  };
}

function saidIn({ content, refusal }: JsonObject): string {
  const parts = objects(content).map((part) => text(part['text']));
  return [text(content), ...parts, text(refusal)].join('');
}

/** Mistral has it among the parts of the content. */
function thoughtIn({ content, reasoning_content: deepSeek, reasoning }: JsonObject): string {
  const parts = objects(content).flatMap((part) => objects(part['thinking']).map((inner) => text(inner['text'])));
  return [text(deepSeek ?? reasoning), ...parts].join('');
}

function openAiCall(call: JsonObject): ReadCall {
  const fn = object(call['function']);
  const written = text(fn['arguments']);
  return { id: text(call['id']), name: text(fn['name']), text: written, value: valueOf(written) };
}

function openAiStream(chunks: readonly JsonObject[]): Reading {
  const message: JsonObject = { content: '', reasoning: '' };
  const calls = new Map<number, JsonObject>();
  let finish: Json | undefined;
  let usage: Json | undefined;
  for (const chunk of chunks) {
    usage = chunk['usage'] ?? usage;
    // Groq says it in a place of its own.
    usage = object(chunk['x_groq'])['usage'] ?? usage;
    const choice = objects(chunk['choices']).find(({ index }) => index === 0);
    if (!choice) continue;
    const delta = object(choice['delta']);
    message['content'] = text(message['content']) + saidIn(delta);
    message['reasoning'] = text(message['reasoning']) + thoughtIn(delta);
    for (const call of objects(delta['tool_calls'])) addToCall(calls, call);
    finish = choice['finish_reason'] ?? finish;
  }
  const whole = { ...message, tool_calls: [...calls.values()] };
  return openAiWhole({ choices: [{ message: whole, finish_reason: finish ?? null }], usage });
}

function addToCall(calls: Map<number, JsonObject>, call: JsonObject): void {
  const at = count(call['index']) ?? calls.size;
  const known: JsonObject = calls.get(at) ?? {};
  const [before, more] = [object(known['function']), object(call['function'])];
  const name = text(before['name']) || text(more['name']);
  const written = text(before['arguments']) + text(more['arguments']);
  calls.set(at, { id: text(known['id']) || text(call['id']), function: { name, arguments: written } });
}

function openAiUsage(raw: Json | undefined): ReadUsage | undefined {
  if (!isJsonObject(raw)) return undefined;
  const input = count(raw['prompt_tokens']) ?? 0;
  // xAI counts reasoning beside the completion, as its total says.
  const output = Math.max(count(raw['completion_tokens']) ?? 0, (count(raw['total_tokens']) ?? 0) - input);
  // On top a 0 stands where nothing was counted.
  const onTop = count(raw['reasoning_tokens']) || undefined;
  return {
    input,
    output,
    cached: count(object(raw['prompt_tokens_details'])['cached_tokens'] ?? raw['cached_tokens']),
    reasoning: count(object(raw['completion_tokens_details'])['reasoning_tokens']) ?? onTop,
  };
}

/** The message that the events build up, as the whole answer has it; the text of arguments stands in `written`. */
function anthropicStream(events: readonly JsonObject[]): JsonObject {
  let message: JsonObject = {};
  const blocks: JsonObject[] = [];
  for (const event of events) {
    switch (event['type']) {
      case 'message_start':
        message = { ...object(event['message']) };
        blocks.push(...objects(message['content']));
        break;
      case 'content_block_start':
        blocks.push({ ...object(event['content_block']) });
        break;
      case 'content_block_delta':
        addToBlock(blocks[Number(event['index'])] ?? {}, object(event['delta']));
        break;
      case 'message_delta':
        message = { ...message, ...withoutNull(object(event['delta'])) };
        message['usage'] = { ...object(message['usage']), ...withoutNull(object(event['usage'])) };
        break;
      default:
    }
  }
  return { ...message, content: blocks };
}

function addToBlock(block: JsonObject, delta: JsonObject): void {
  if (delta['type'] === 'text_delta') block['text'] = text(block['text']) + text(delta['text']);
  if (delta['type'] === 'thinking_delta') block['thinking'] = text(block['thinking']) + text(delta['thinking']);
  if (delta['type'] === 'input_json_delta') block['written'] = text(block['written']) + text(delta['partial_json']);
}

function withoutNull(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function anthropicMessage(message: JsonObject): Reading {
  const blocks = objects(message['content']);
  const joined = (type: string, field: string): string =>
    blocks.map((block) => (block['type'] === type ? text(block[field]) : '')).join('');
  return {
    text: joined('text', 'text'),
    reasoning: joined('thinking', 'thinking'),
    calls: blocks.filter(({ type }) => type === 'tool_use').map(anthropicCall),
    finish: text(message['stop_reason']) || undefined,
    usage: anthropicUsage(object(message['usage'])),
  };
}

function anthropicCall({ id, name, input, written }: JsonObject): ReadCall {
  const inPieces = typeof written === 'string' && written !== '' ? written : undefined;
  return {
    id: text(id),
    name: text(name),
    text: inPieces,
    value: inPieces === undefined ? input : valueOf(inPieces),
  };
}

/** Where there were several passes, the counts on top are those of the last one, and all of them are billed. */
function anthropicUsage(raw: JsonObject): ReadUsage | undefined {
  const passes = objects(raw['iterations']);
  const counted = passes.length > 1 ? passes : [raw];
  const sum = (field: string): number | undefined => {
    const known = counted.flatMap((pass) => count(pass[field]) ?? []);
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0);
  };
  const [input, output, cached] = [sum('input_tokens'), sum('output_tokens'), sum('cache_read_input_tokens')];
  if (input === undefined || output === undefined) return undefined;
  return {
    input: input + (cached ?? 0) + (sum('cache_creation_input_tokens') ?? 0),
    output,
    cached,
    reasoning: count(object(raw['output_tokens_details'])['thinking_tokens']),
  };
}
