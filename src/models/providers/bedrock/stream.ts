import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { markedSignature } from '../../../core/inference/signatures.ts';
import { type JsonObject, asCount, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { EXCEPTION } from './event-stream.ts';
import { mapException } from './map-error.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { mapUsage } from './map-usage.ts';

const OTHER: StreamEvent = { type: 'other-content', choice: 0 };
const END: StreamEvent = { type: 'end' };

/**
 * Reads the events of ConverseStream. After `messageStop` comes the metadata with the usage, in some servers before it;
 * the stream has no last word of its own, so both together, or its end after the first, are the end.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html (checked 2026-11-21 in the types of @aws-sdk/client-bedrock-runtime 3.1163)
 */
export class ConverseStreamReader implements StreamReader {
  readonly #openCalls = new Set<number>();
  #stopped = false;
  #hasMetadata = false;

  get complete(): boolean {
    return this.#stopped;
  }

  get #isOver(): boolean {
    return this.#stopped && this.#hasMetadata;
  }

  step({ event = '', data }: SseFrame): FrameReading {
    const body = parseJson(data);
    if (!isJsonObject(body)) return { events: [badResponse()], hidden: false };
    const wasOver = this.#isOver;
    const events = this.#read(event, body);
    return { events: this.#isOver && !wasOver ? [...events, END] : events, hidden: false };
  }

  #read(event: string, body: JsonObject): StreamEvent[] {
    if (event.startsWith(EXCEPTION)) {
      return [{ type: 'error', error: mapException(event.slice(EXCEPTION.length), body) }];
    }
    switch (event) {
      case 'messageStart':
        return [{ type: 'message-start' }];
      case 'contentBlockStart':
        return this.#blockStart(indexOf(body), objectIn(body, 'start'));
      case 'contentBlockDelta':
        return readDelta(indexOf(body), objectIn(body, 'delta'));
      case 'contentBlockStop':
        return this.#callEnd(indexOf(body));
      case 'messageStop':
        return this.#messageStop(body);
      case 'metadata':
        return this.#metadata(body);
      default:
        return [];
    }
  }

  /** Text and reasoning begin with their first delta; only what has a name begins with a start. */
  #blockStart(index: number, { toolUse, ...other }: JsonObject): StreamEvent[] {
    if (!isJsonObject(toolUse)) return Object.keys(other).length > 0 ? [OTHER] : [];
    this.#openCalls.add(index);
    return [callStart(index, toolUse)];
  }

  #callEnd(index: number): StreamEvent[] {
    return this.#openCalls.delete(index) ? [{ type: 'tool-call-end', choice: 0, index }] : [];
  }

  #messageStop(body: JsonObject): StreamEvent[] {
    this.#stopped = true;
    const ends = [...this.#openCalls].flatMap((index) => this.#callEnd(index));
    return [...ends, finishOf(body)];
  }

  #metadata(body: JsonObject): StreamEvent[] {
    this.#hasMetadata = true;
    const usage = mapUsage(body);
    return usage ? [{ type: 'usage', usage }] : [];
  }
}

function readDelta(index: number, delta: JsonObject): StreamEvent[] {
  const { toolUse, reasoningContent } = delta;
  if (isJsonObject(toolUse)) {
    return [{ type: 'tool-call-delta', choice: 0, index, argumentsText: asString(toolUse['input']) ?? '' }];
  }
  if (isJsonObject(reasoningContent)) return reasoningEvents(index, reasoningContent, reasoningContent);
  const text = asString(delta['text']);
  if (text === undefined) return [OTHER];
  return text === '' ? [] : [{ type: 'text-delta', choice: 0, index, text }];
}

export function callStart(index: number, toolUse: JsonObject): StreamEvent {
  const id = asString(toolUse['toolUseId']) ?? '';
  const name = asString(toolUse['name']) ?? '';
  const served = toolUse['type'] === 'server_tool_use' ? { served: true as const } : {};
  return { type: 'tool-call-start', choice: 0, index, id, name, ...served };
}

/** @param shown what has the text and its signature: a delta itself, or a part of a whole block */
export function reasoningEvents(index: number, { redactedContent }: JsonObject, shown: JsonObject): StreamEvent[] {
  const text = asString(shown['text']);
  const events: StreamEvent[] = text ? [{ type: 'reasoning-delta', choice: 0, index, text }] : [];
  const signature = asString(shown['signature']);
  if (signature) events.push(proof(index, signature, false));
  const sealed = asString(redactedContent);
  if (sealed) events.push(proof(index, sealed, true));
  return events;
}

function proof(index: number, signature: string, redacted: boolean): StreamEvent {
  return {
    type: 'reasoning-signature',
    choice: 0,
    index,
    signature: markedSignature('converse', signature),
    redacted,
  };
}

/** From whatever carries a `stopReason`. */
export function finishOf(body: JsonObject): StreamEvent {
  const raw = asString(body['stopReason']) ?? '';
  return { type: 'finish', choice: 0, reason: mapFinishReason(raw), raw };
}

function badResponse(): StreamEvent {
  return { type: 'error', error: new GatewayError('provider_bad_response') };
}

function indexOf(body: JsonObject): number {
  return asCount(body['contentBlockIndex']) ?? 0;
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
