import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { mapErrorWords } from './map-error.ts';
import { FAILURES, mapFinishReason } from './map-finish-reason.ts';
import { mapUsage } from './map-usage.ts';
import { OpenCall } from './open-call.ts';

const OTHER: StreamEvent = { type: 'other-content', choice: 0 };
const NOTHING: FrameReading = { events: [], hidden: false };

/**
 * Reads the events of Cohere's chat. Content and tool calls are numbered apart there; here they are counted as they come.
 * @see https://docs.cohere.com/v2/docs/streaming (checked 2026-11-21)
 */
export class CohereStreamReader implements StreamReader {
  /** The index of the last part that began, and what it is. */
  #part = -1;
  #kind: 'text' | 'reasoning' | 'tool' | undefined;
  /** By Cohere's number. */
  readonly #calls = new Map<number, OpenCall>();
  #ended = false;

  get complete(): boolean {
    return this.#ended;
  }

  step(frame: SseFrame): FrameReading {
    // Some streams have it behind their end, which has been said by then.
    if (frame.data === '[DONE]') return NOTHING;
    const body = parseJson(frame.data);
    const events = isJsonObject(body)
      ? this.#read(body, frame.event)
      : [failed(new GatewayError('provider_bad_response'))];
    return { events, hidden: false };
  }

  /** An answer that came in one piece, as the events that a stream of it has. */
  whole(body: JsonObject): StreamEvent[] {
    const message = objectIn(body, 'message');
    const start: StreamEvent = { type: 'message-start', ...idOf(body) };
    const parts = contentOf(message['content']).flatMap((part) => this.#content(part));
    const plan = this.#reason(asString(message['tool_plan']));
    const calls = listIn(message, 'tool_calls').flatMap((call, at) => [
      ...this.#callStart(at, call),
      ...this.#callEnd(at),
    ]);
    const sources = listIn(message, 'citations').length > 0 ? [OTHER] : [];
    return [start, ...parts, ...plan, ...calls, ...sources, ...this.#end(body)];
  }

  #read(body: JsonObject, name: string | undefined): StreamEvent[] {
    const index = typeof body['index'] === 'number' ? body['index'] : 0;
    const delta = objectIn(body, 'delta');
    const message = objectIn(delta, 'message');
    switch (body['type'] ?? name) {
      case 'message-start':
        return [{ type: 'message-start', ...idOf(body) }];
      case 'content-start':
        this.#kind = undefined;
        return this.#content(objectIn(message, 'content'));
      case 'content-delta':
        return this.#content(objectIn(message, 'content'));
      case 'tool-plan-delta':
        return this.#reason(asString(message['tool_plan']));
      case 'tool-call-start':
        return this.#callStart(index, objectIn(message, 'tool_calls'));
      case 'tool-call-delta':
        return this.#calls.get(index)?.read(argumentsOf(objectIn(message, 'tool_calls'))) ?? [];
      case 'tool-call-end':
        return this.#callEnd(index);
      case 'citation-start':
        return [OTHER];
      case 'message-end':
        return this.#end(delta);
      default:
        // Not an event, then: an error that came too late for a status.
        return body['type'] === undefined || body['type'] === 'error' ? errorIn(body) : [];
    }
  }

  #content(content: JsonObject): StreamEvent[] {
    const { text, thinking, type } = content;
    if (typeof thinking === 'string' && type !== 'text') return this.#reason(thinking);
    if (typeof text === 'string') return this.#text(text);
    return type === undefined || type === 'text' || type === 'thinking' ? [] : [OTHER];
  }

  #text(text: string): StreamEvent[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: 0, index: this.#partOf('text'), text }];
  }

  #reason(text: string | undefined): StreamEvent[] {
    return text ? [{ type: 'reasoning-delta', choice: 0, index: this.#partOf('reasoning'), text }] : [];
  }

  #callStart(at: number, call: JsonObject): StreamEvent[] {
    const unended = this.#callEnd(at);
    const fn = objectIn(call, 'function');
    const open = new OpenCall(this.#next('tool'));
    this.#calls.set(at, open);
    const start = open.start(asString(call['id']) ?? '', asString(fn['name']) ?? '');
    return [...unended, start, ...open.read(argumentsOf(call))];
  }

  #callEnd(at: number): StreamEvent[] {
    const open = this.#calls.get(at);
    this.#calls.delete(at);
    return open?.end() ?? [];
  }

  /** `delta` of the last event, or a whole answer: why it ended, and what it used. */
  #end(body: JsonObject): StreamEvent[] {
    this.#ended = true;
    const open = [...this.#calls.keys()].flatMap((at) => this.#callEnd(at));
    const raw = asString(body['finish_reason']);
    const usage: StreamEvent[] = isJsonObject(body['usage']) ? [{ type: 'usage', usage: mapUsage(body['usage']) }] : [];
    const failure = raw === undefined ? undefined : FAILURES.get(raw);
    const error = asString(body['error']);
    if (failure || error) return [...open, ...usage, failed(mapErrorWords(error, failure))];
    const finish: StreamEvent[] =
      raw === undefined ? [] : [{ type: 'finish', choice: 0, reason: mapFinishReason(raw), raw }];
    return [...open, ...usage, ...finish, { type: 'end' }];
  }

  #partOf(kind: 'text' | 'reasoning'): number {
    return this.#kind === kind ? this.#part : this.#next(kind);
  }

  #next(kind: 'text' | 'reasoning' | 'tool'): number {
    this.#kind = kind;
    this.#part += 1;
    return this.#part;
  }
}

function failed(error: GatewayError): StreamEvent {
  return { type: 'error', error };
}

function errorIn(body: JsonObject): StreamEvent[] {
  const words = asString(body['message']) ?? asString(body['error']);
  return words === undefined && body['type'] === undefined ? [] : [failed(mapErrorWords(words))];
}

function idOf(body: JsonObject): { readonly id?: string } {
  const id = asString(body['id']);
  return id === undefined ? {} : { id };
}

/** A list of parts; or one text, as older answers have it. */
function contentOf(content: Json | undefined): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.filter(isJsonObject) : [];
}

function argumentsOf(call: JsonObject): string {
  return asString(objectIn(call, 'function')['arguments']) ?? '';
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}

function listIn(object: JsonObject, field: string): JsonObject[] {
  const value = object[field];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
