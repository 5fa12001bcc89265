import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { TextPlace } from '../../transport/frame-shape.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { mapUsage, mergeRawUsage } from './map-usage.ts';

const OTHER: StreamEvent = { type: 'other-content', choice: 0 };

const ARGUMENTS: TextPlace = { path: ['delta', 'partial_json'], ignored: [] };
/** By the type of a delta. */
const PLACES: ReadonlyMap<unknown, TextPlace> = new Map([
  ['text_delta', { path: ['delta', 'text'], ignored: [] }],
  ['thinking_delta', { path: ['delta', 'thinking'], ignored: [] }],
]);

/**
 * Reads Anthropic's message events.
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming (checked 2026-11-21)
 */
export class AnthropicStreamReader implements StreamReader {
  #usage: JsonObject = {};
  /** Tool calls that began, and arguments that came with their start, for servers that send them nowhere else. */
  readonly #toolBlocks = new Map<number, string>();
  /** It said something; a refusal before that is not billed. */
  #heard = false;
  #stopped = false;
  #textPlace: TextPlace | undefined;

  get textPlace(): TextPlace | undefined {
    return this.#textPlace;
  }

  get complete(): boolean {
    return this.#stopped;
  }

  step(frame: SseFrame): FrameReading {
    this.#textPlace = undefined;
    const parsed = parseJson(frame.data);
    const body = hasContent(parsed) ? parseExact(frame.data) : parsed;
    const events = isJsonObject(body)
      ? this.#read(body)
      : [{ type: 'error' as const, error: new GatewayError('provider_bad_response') }];
    return { events, hidden: false };
  }

  /** A message that came in one piece, as the events that a stream of it has. */
  whole(message: JsonObject): StreamEvent[] {
    this.#stopped = true;
    return [...this.#messageStart(message), { type: 'end' }];
  }

  #read(body: JsonObject): StreamEvent[] {
    switch (body['type']) {
      case 'message_start':
        return this.#messageStart(isJsonObject(body['message']) ? body['message'] : {});
      case 'content_block_start':
        return this.#blockStart(blockIndex(body), isJsonObject(body['content_block']) ? body['content_block'] : {});
      case 'content_block_delta':
        return this.#delta(blockIndex(body), isJsonObject(body['delta']) ? body['delta'] : {});
      case 'content_block_stop':
        return this.#blockStop(blockIndex(body));
      case 'message_delta':
        return this.#messageDelta(body);
      case 'message_stop':
        this.#stopped = true;
        return [{ type: 'end' }];
      case 'error':
        return [{ type: 'error', error: mapErrorObject(body['error']) }];
      default:
        return [];
    }
  }

  #messageStart(message: JsonObject): StreamEvent[] {
    const id = asString(message['id']);
    const model = asString(message['model']);
    const start: StreamEvent = {
      type: 'message-start',
      ...(id === undefined ? {} : { id }),
      ...(model === undefined ? {} : { model }),
    };
    return [start, ...this.#ready(message), ...this.#usageEvents(message['usage'], message), ...finishEvents(message)];
  }

  /** A turn that only calls tools from running code comes whole in its first event. */
  #ready(message: JsonObject): StreamEvent[] {
    const blocks = Array.isArray(message['content']) ? message['content'] : [];
    return blocks.flatMap((block, index) => {
      if (!isJsonObject(block)) return [];
      const start = this.#blockStart(index, block);
      if (this.#toolBlocks.has(index)) this.#toolBlocks.set(index, JSON.stringify(block['input'] ?? {}));
      return [...start, ...this.#blockStop(index)];
    });
  }

  #blockStart(index: number, block: JsonObject): StreamEvent[] {
    this.#heard = true;
    const type = asString(block['type']) ?? '';
    switch (type) {
      case 'text':
        return textEvents(index, block);
      case 'thinking':
        return thinkingEvents(index, block);
      case 'redacted_thinking':
        return [
          { type: 'reasoning-signature', choice: 0, index, signature: asString(block['data']) ?? '', redacted: true },
        ];
      case 'tool_use':
      case 'server_tool_use':
      case 'mcp_tool_use': {
        this.#toolBlocks.set(index, earlyArguments(block));
        const id = asString(block['id']) ?? '';
        const served = type === 'tool_use' ? {} : { served: true as const };
        return [{ type: 'tool-call-start', choice: 0, index, id, name: asString(block['name']) ?? '', ...served }];
      }
      default:
        return [OTHER];
    }
  }

  #delta(index: number, delta: JsonObject): StreamEvent[] {
    this.#textPlace = PLACES.get(delta['type']);
    if (delta['type'] !== 'input_json_delta') return readDelta(index, delta);
    const argumentsText = asString(delta['partial_json']) ?? '';
    if (argumentsText !== '') {
      if (this.#toolBlocks.has(index)) this.#toolBlocks.set(index, '');
      // Only now, since a first piece changes what is known of its block.
      this.#textPlace = ARGUMENTS;
    }
    return [{ type: 'tool-call-delta', choice: 0, index, argumentsText }];
  }

  #blockStop(index: number): StreamEvent[] {
    const early = this.#toolBlocks.get(index);
    if (early === undefined) return [];
    this.#toolBlocks.delete(index);
    const rest: StreamEvent[] =
      early === '' ? [] : [{ type: 'tool-call-delta', choice: 0, index, argumentsText: early }];
    return [...rest, { type: 'tool-call-end', choice: 0, index }];
  }

  #messageDelta(body: JsonObject): StreamEvent[] {
    const delta = isJsonObject(body['delta']) ? body['delta'] : {};
    const finish = finishEvents(delta);
    // An answer that was cut short may leave its last block open.
    const open = finish.length === 0 ? [] : [...this.#toolBlocks.keys()];
    return [...open.flatMap((index) => this.#blockStop(index)), ...this.#usageEvents(body['usage'], delta), ...finish];
  }

  /** Reports are cumulative, and the cached part is in some of them only, so they are merged before they are mapped. */
  #usageEvents(raw: unknown, stop: JsonObject): StreamEvent[] {
    if (!isJsonObject(raw)) return [];
    this.#usage = mergeRawUsage(this.#usage, raw);
    return [{ type: 'usage', usage: mapUsage(this.#usage, stop['stop_reason'] === 'refusal' && !this.#heard) }];
  }
}

/** A message that begins with arguments in it, whose long numbers are to stay. */
function hasContent(body: Json | undefined): boolean {
  const message = isJsonObject(body) ? body['message'] : undefined;
  return isJsonObject(message) && Array.isArray(message['content']) && message['content'].length > 0;
}

/** From whatever carries a `stop_reason`. */
function finishEvents(body: JsonObject): StreamEvent[] {
  const raw = asString(body['stop_reason']);
  return raw === undefined ? [] : [{ type: 'finish', choice: 0, reason: mapFinishReason(raw), raw }];
}

function blockIndex(body: JsonObject): number {
  return typeof body['index'] === 'number' ? body['index'] : 0;
}

function textEvents(index: number, block: JsonObject): StreamEvent[] {
  const text = asString(block['text']);
  const events: StreamEvent[] = text ? [{ type: 'text-delta', choice: 0, index, text }] : [];
  if (Array.isArray(block['citations']) && block['citations'].length > 0) events.push(OTHER);
  return events;
}

function thinkingEvents(index: number, block: JsonObject): StreamEvent[] {
  const text = asString(block['thinking']);
  const signature = asString(block['signature']);
  const events: StreamEvent[] = text ? [{ type: 'reasoning-delta', choice: 0, index, text }] : [];
  if (signature) events.push({ type: 'reasoning-signature', choice: 0, index, signature, redacted: false });
  return events;
}

/** Nothing where it is empty, which is how a stream of arguments begins. */
function earlyArguments({ input }: JsonObject): string {
  return isJsonObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
}

function readDelta(index: number, delta: JsonObject): StreamEvent[] {
  switch (delta['type']) {
    case 'text_delta':
      return [{ type: 'text-delta', choice: 0, index, text: asString(delta['text']) ?? '' }];
    case 'thinking_delta':
      return [{ type: 'reasoning-delta', choice: 0, index, text: asString(delta['thinking']) ?? '' }];
    case 'signature_delta': {
      const signature = asString(delta['signature']) ?? '';
      return [{ type: 'reasoning-signature', choice: 0, index, signature, redacted: false }];
    }
    default:
      return [OTHER];
  }
}
