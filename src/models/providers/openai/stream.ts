import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { TextPlace } from '../../transport/frame-shape.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { ChoiceReader } from './choice-reader.ts';
import { mapErrorObject } from './map-error.ts';
import { usageIn } from './map-usage.ts';
import { textPlaceOf } from './text-place.ts';

export interface OpenAiStreamOptions {
  readonly hideUsageFrame: boolean;
  /** Whether the stream is complete only with `[DONE]`; some compatible servers leave it out. */
  readonly doneRequired: boolean;
  /** Texts begin with `<think>…</think>`. */
  readonly thinkTags?: boolean;
}

const DONE: FrameReading = { events: [{ type: 'end' }], hidden: false };

/**
 * Reads `chat.completion.chunk` frames, and those of completions, which say their text plainly.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming (checked 2026-11-21)
 * @see https://platform.openai.com/docs/api-reference/completions (checked 2026-11-21)
 */
export class OpenAiStreamReader implements StreamReader {
  readonly #options: OpenAiStreamOptions;
  readonly #choices = new Map<number, ChoiceReader>();
  #started = false;
  #done = false;
  #textPlace: TextPlace | undefined;

  constructor(options: OpenAiStreamOptions) {
    this.#options = options;
  }

  get complete(): boolean {
    if (this.#done || this.#options.doneRequired) return this.#done;
    return this.#choices.size > 0 && [...this.#choices.values()].every(({ finished }) => finished);
  }

  get textPlace(): TextPlace | undefined {
    return this.#textPlace;
  }

  step(frame: SseFrame): FrameReading {
    this.#textPlace = undefined;
    if (frame.data === '[DONE]') {
      this.#done = true;
      return DONE;
    }
    const chunk = parseJson(frame.data);
    if (!isJsonObject(chunk)) return failed(new GatewayError('provider_bad_response'));
    const error = errorIn(chunk, frame.event);
    if (error !== undefined) return failed(mapErrorObject(error));
    const reading = this.#readChunk(chunk);
    this.#textPlace = reading.hidden ? undefined : textPlaceOf(chunk, reading.events);
    return reading;
  }

  /** What a whole answer says, as the events of a stream. */
  whole(body: JsonObject): StreamEvent[] {
    return [...this.#readChunk(body).events, { type: 'end' }];
  }

  #readChunk(chunk: JsonObject): FrameReading {
    const events: StreamEvent[] = [];
    const choices = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    // Azure sends its filter's verdict on the prompt ahead, in a chunk that names nobody.
    if (!this.#started && (chunk['model'] || choices.length > 0)) {
      this.#started = true;
      events.push(messageStart(chunk));
    }
    const usage = usageIn(chunk);
    const read = choices.flatMap((choice) => (isJsonObject(choice) ? this.#readChoice(choice, chunk) : []));
    events.push(...read);
    if (usage) events.push({ type: 'usage', usage });
    const hidden = this.#options.hideUsageFrame && choices.length === 0 && isJsonObject(chunk['usage']);
    return { events, hidden };
  }

  #readChoice(choice: JsonObject, chunk: JsonObject): StreamEvent[] {
    const at = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const reader = this.#choice(at);
    const said = choice['delta'] ?? choice['message'] ?? completedText(choice);
    const raw = asString(choice['finish_reason']);
    return [
      ...(isJsonObject(said) ? reader.read(said) : []),
      ...(raw && hasSources(chunk) ? [{ type: 'other-content', choice: at } as const] : []),
      ...reader.finish(raw),
    ];
  }

  #choice(at: number): ChoiceReader {
    let reader = this.#choices.get(at);
    if (!reader) {
      reader = new ChoiceReader(at, this.#options.thinkTags ?? false);
      this.#choices.set(at, reader);
    }
    return reader;
  }
}

/** `choices[].text` of a completion, as a chat's delta would say it. */
function completedText({ text }: JsonObject): JsonObject | undefined {
  return typeof text === 'string' ? { content: text } : undefined;
}

/** `{ error: … }`, and what some servers send instead: an event or an object that is called an error as a whole. */
function errorIn(chunk: JsonObject, event: string | undefined): unknown {
  if (chunk['error'] !== undefined && chunk['error'] !== null) return chunk['error'];
  return event === 'error' || chunk['object'] === 'error' ? chunk : undefined;
}

function failed(error: GatewayError): FrameReading {
  return { events: [{ type: 'error', error }], hidden: false };
}

function messageStart(chunk: JsonObject): StreamEvent {
  const id = asString(chunk['id']);
  const model = asString(chunk['model']);
  return { type: 'message-start', ...(id ? { id } : {}), ...(model ? { model } : {}) };
}

/** Perplexity lists the pages that it read beside the answer, and so does xAI's search. */
function hasSources({ citations, search_results: results }: JsonObject): boolean {
  return [citations, results].some((list) => Array.isArray(list) && list.length > 0);
}
