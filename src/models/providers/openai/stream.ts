import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { mapUsage } from './map-usage.ts';

export interface OpenAiStreamOptions {
  readonly hideUsageFrame: boolean;
  /** Whether the stream is complete only with `[DONE]`; some compatible servers leave it out. */
  readonly doneRequired: boolean;
}

const DONE: FrameReading = { events: [{ type: 'end' }], hidden: false };

/** What the reducer remembers of one answer among several. */
interface ChoiceState {
  finished: boolean;
  /** Index of the last content part that began, and what it is. */
  part: number;
  partKind: 'text' | 'reasoning' | 'tool' | undefined;
  /** The provider's tool index → our content index. */
  tools: Map<number, number>;
}

/**
 * Reads `chat.completion.chunk` frames.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming (checked 2026-11-21)
 */
export class OpenAiStreamReader implements StreamReader {
  readonly #options: OpenAiStreamOptions;
  readonly #choices = new Map<number, ChoiceState>();
  #started = false;
  #done = false;

  constructor(options: OpenAiStreamOptions) {
    this.#options = options;
  }

  get complete(): boolean {
    if (this.#done || this.#options.doneRequired) return this.#done;
    return this.#choices.size > 0 && [...this.#choices.values()].every(({ finished }) => finished);
  }

  step(frame: SseFrame): FrameReading {
    if (frame.data === '[DONE]') {
      this.#done = true;
      return DONE;
    }
    const chunk = parseJson(frame.data);
    if (!isJsonObject(chunk)) return failed(new GatewayError('provider_bad_response'));
    const error = errorIn(chunk, frame.event);
    return error === undefined ? this.#readChunk(chunk) : failed(mapErrorObject(error));
  }

  #readChunk(chunk: JsonObject): FrameReading {
    const events: StreamEvent[] = [];
    const choices = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    // Azure sends its filter's verdict on the prompt ahead, in a chunk that names nobody.
    if (!this.#started && (chunk['model'] || choices.length > 0)) {
      this.#started = true;
      events.push(messageStart(chunk));
    }
    for (const choice of choices) if (isJsonObject(choice)) this.#readChoice(choice, events);
    const usage = chunk['usage'];
    if (isJsonObject(usage)) events.push({ type: 'usage', usage: mapUsage(usage) });
    const hidden = this.#options.hideUsageFrame && choices.length === 0 && isJsonObject(usage);
    return { events, hidden };
  }

  #readChoice(choice: JsonObject, events: StreamEvent[]): void {
    const at = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const state = this.#choice(at);
    if (isJsonObject(choice['delta'])) readDelta(choice['delta'], at, state, events);
    const raw = asString(choice['finish_reason']);
    if (raw === undefined) return;
    state.finished = true;
    for (const index of state.tools.values()) events.push({ type: 'tool-call-end', choice: at, index });
    state.tools.clear();
    events.push({ type: 'finish', choice: at, reason: mapFinishReason(raw), raw });
  }

  #choice(at: number): ChoiceState {
    let state = this.#choices.get(at);
    if (!state) {
      state = { finished: false, part: -1, partKind: undefined, tools: new Map() };
      this.#choices.set(at, state);
    }
    return state;
  }
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

function readDelta(delta: JsonObject, choice: number, state: ChoiceState, events: StreamEvent[]): void {
  const reasoning = asString(delta['reasoning_content']) ?? asString(delta['reasoning']);
  if (reasoning) events.push({ type: 'reasoning-delta', choice, index: part(state, 'reasoning'), text: reasoning });
  const text = asString(delta['content']);
  if (text) events.push({ type: 'text-delta', choice, index: part(state, 'text'), text });
  const refusal = asString(delta['refusal']);
  if (refusal) events.push({ type: 'refusal-delta', choice, text: refusal });
  const tools = delta['tool_calls'];
  if (Array.isArray(tools)) for (const tool of tools) if (isJsonObject(tool)) readTool(tool, choice, state, events);
  if (delta['audio'] || delta['function_call'] || Array.isArray(delta['content']))
    events.push({ type: 'other-content', choice });
}

function part(state: ChoiceState, kind: 'text' | 'reasoning'): number {
  if (state.partKind !== kind) {
    state.partKind = kind;
    state.part += 1;
  }
  return state.part;
}

function readTool(tool: JsonObject, choice: number, state: ChoiceState, events: StreamEvent[]): void {
  const fn = isJsonObject(tool['function']) ? tool['function'] : {};
  const key = typeof tool['index'] === 'number' ? tool['index'] : state.tools.size;
  let index = state.tools.get(key);
  if (index === undefined) {
    state.part += 1;
    state.partKind = 'tool';
    index = state.part;
    state.tools.set(key, index);
    events.push({
      type: 'tool-call-start',
      choice,
      index,
      id: asString(tool['id']) ?? '',
      name: asString(fn['name']) ?? '',
    });
  }
  const argumentsText = asString(fn['arguments']);
  if (argumentsText) events.push({ type: 'tool-call-delta', choice, index, argumentsText });
}
