import type { StreamEvent } from '../../../core/events.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { AnswerDeltas } from './answer-deltas.ts';
import type { ChoiceDelta } from './choice-deltas.ts';

/** Texts that grow from delta to delta. */
const GROWING: ReadonlySet<string> = new Set(['content', 'refusal', 'reasoning_content']);

/**
 * A chat completion in one piece: what the chunks of a stream add up to.
 * @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21)
 */
export function encodeAnswer(events: readonly StreamEvent[], context: AnswerContext): JsonObject {
  const choices: WholeChoice[] = [];
  const answer = new AnswerDeltas(context, (delta) => {
    const choice = (choices[delta.choice] ??= new WholeChoice(delta.choice));
    choice.add(delta);
  });
  for (const event of events) answer.read(event);
  answer.end();
  const { usage } = answer;
  return {
    ...answer.head('chat.completion'),
    choices: choices.flatMap((choice): Json[] => [choice.body]),
    ...(usage ? { usage } : {}),
  };
}

/** One choice, put together of its deltas. */
class WholeChoice {
  readonly #index: number;
  readonly #message: JsonObject = { role: 'assistant', content: null, refusal: null };
  readonly #calls: JsonObject[] = [];
  #finish: string | null = null;

  constructor(index: number) {
    this.#index = index;
  }

  get body(): JsonObject {
    const calls = this.#calls.length === 0 ? {} : { tool_calls: this.#calls };
    const message = { ...this.#message, ...calls };
    return { index: this.#index, message, logprobs: null, finish_reason: this.#finish };
  }

  add({ delta, finish }: ChoiceDelta): void {
    this.#finish = finish ?? this.#finish;
    const { role: _role, tool_calls: calls, function_call: call, ...fields } = delta;
    for (const [name, value] of Object.entries(fields)) {
      if (GROWING.has(name) && typeof value === 'string') grow(this.#message, name, value);
      else if (value !== null) this.#message[name] = value;
    }
    if (Array.isArray(calls)) for (const one of calls) if (isJsonObject(one)) this.#addToCall(one);
    if (isJsonObject(call)) this.#message['function_call'] = withMore(this.#message['function_call'], call);
  }

  #addToCall({ index, ...call }: JsonObject): void {
    const at = Number(index);
    const known = this.#calls[at];
    if (known && isJsonObject(call['function'])) known['function'] = withMore(known['function'], call['function']);
    else this.#calls[at] = call;
  }
}

/** A called function with more of its arguments. */
function withMore(known: Json | undefined, more: JsonObject): JsonObject {
  const fn = isJsonObject(known) ? known : {};
  grow(fn, 'arguments', asString(more['arguments']) ?? '');
  return { ...more, ...fn };
}

function grow(object: JsonObject, name: string, text: string): void {
  object[name] = (asString(object[name]) ?? '') + text;
}
