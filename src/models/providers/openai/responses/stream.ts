import { GatewayError } from '../../../../core/errors.ts';
import type { StreamEvent } from '../../../../core/events.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../../../core/json.ts';
import type { TextPlace } from '../../../transport/frame-shape.ts';
import type { FrameReading, SseFrame, StreamReader } from '../../provider.ts';
import { ItemReader, OTHER, contentPart } from './item-reader.ts';
import { usageIn } from './map-usage.ts';
import { failureOf, outcomeOf } from './outcome.ts';
import { type OwnTools, ownToolsIn } from './tool-items.ts';

/** Events that carry the response as a whole. */
const LIFECYCLE = /^response\.(created|queued|in_progress|completed|incomplete|failed|cancelled)$/;
const LAST: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.cancelled']);

/** Events are numbered, filled up so that their length says nothing, and name their item beside its place. */
const PLACE: TextPlace = { path: ['delta'], ignored: ['sequence_number', 'obfuscation', 'item_id'] };

/**
 * Reads the events of a response. Items are told apart by where they stand, since some servers change their ids on the
 * way.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (checked 2026-11-21)
 */
export class ResponsesStreamReader implements StreamReader {
  readonly #items = new Map<number, ItemReader>();
  #own: OwnTools;
  #parts = 0;
  #started = false;
  #complete = false;
  #textPlace: TextPlace | undefined;

  get textPlace(): TextPlace | undefined {
    return this.#textPlace;
  }

  get complete(): boolean {
    return this.#complete;
  }

  step({ data, event }: SseFrame): FrameReading {
    this.#textPlace = undefined;
    // vLLM says it after the last event.
    if (data === '[DONE]') return { events: [], hidden: false };
    const body = parseJson(data);
    const events: StreamEvent[] = isJsonObject(body)
      ? this.#read(asString(body['type']) ?? event ?? '', body)
      : [{ type: 'error', error: new GatewayError('provider_bad_response') }];
    return { events, hidden: false };
  }

  /** What a whole response says, as the events of a stream. */
  whole(response: JsonObject): StreamEvent[] {
    return [...this.#start(response), ...this.#last(response)];
  }

  #read(type: string, body: JsonObject): StreamEvent[] {
    if (type === 'error' || isJsonObject(body['error'])) return failed(body['error'] ?? body);
    if (LIFECYCLE.test(type)) return this.#lifecycle(type, isJsonObject(body['response']) ? body['response'] : {});
    const at = Number(body['output_index']) || 0;
    const item = isJsonObject(body['item']) ? body['item'] : undefined;
    if (type === 'response.output_item.added' && item) return this.#open(at, item);
    if (type === 'response.output_item.done' && item) return this.#close(at, item);
    const events = readPiece(this.#items.get(at), type, body);
    this.#textPlace = events.some(isTextEvent) ? PLACE : undefined;
    return events;
  }

  #lifecycle(type: string, response: JsonObject): StreamEvent[] {
    if (type === 'response.failed') return failed(response['error']);
    const start = this.#start(response);
    return LAST.has(type) ? [...start, ...this.#last(response)] : start;
  }

  #start(response: JsonObject): StreamEvent[] {
    this.#own = ownToolsIn(response) ?? this.#own;
    if (this.#started) return [];
    this.#started = true;
    const id = asString(response['id']);
    const model = asString(response['model']);
    return [{ type: 'message-start', ...(id ? { id } : {}), ...(model ? { model } : {}) }];
  }

  #open(at: number, item: JsonObject): StreamEvent[] {
    if (this.#items.has(at)) return [];
    const reader = new ItemReader(item, this.#own, () => this.#parts++);
    this.#items.set(at, reader);
    return reader.start();
  }

  #close(at: number, item: JsonObject): StreamEvent[] {
    const start = this.#open(at, item);
    return [...start, ...(this.#items.get(at)?.finish(item) ?? [])];
  }

  /** With what was not said before, which is all where the answer is a whole one. */
  #last(response: JsonObject): StreamEvent[] {
    const { output } = response;
    const isWhole = this.#items.size === 0 && Array.isArray(output);
    const items = isWhole ? output.flatMap((item, at) => (isJsonObject(item) ? this.#close(at, item) : [])) : [];
    const usage = usageIn(response);
    const calls = [...this.#items.values()].some(({ isClientCall }) => isClientCall);
    this.#complete = true;
    return [
      ...items,
      ...(usage ? [{ type: 'usage', usage } as const] : []),
      { type: 'finish', choice: 0, ...outcomeOf(response, calls) },
      { type: 'end' },
    ];
  }
}

function isTextEvent(event: StreamEvent): boolean {
  return 'text' in event || 'argumentsText' in event;
}

function readPiece(reader: ItemReader | undefined, type: string, body: JsonObject): StreamEvent[] {
  if (!reader) return [];
  const delta = asString(body['delta']) ?? '';
  switch (type) {
    case 'response.output_text.delta':
      return reader.say('text', body['content_index'], delta);
    case 'response.refusal.delta':
      return reader.say('refusal', body['content_index'], delta);
    case 'response.reasoning_summary_text.delta':
      return reader.say('reasoning', body['summary_index'], delta);
    case 'response.reasoning_text.delta':
      return reader.say('reasoning', contentPart(Number(body['content_index']) || 0), delta);
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
    case 'response.mcp_call_arguments.delta':
      return reader.addArguments(delta);
    case 'response.image_generation_call.partial_image':
    case 'response.audio.delta':
      return [OTHER];
    default:
      return [];
  }
}

function failed(error: Parameters<typeof failureOf>[0]): StreamEvent[] {
  return [{ type: 'error', error: failureOf(error) }];
}
