import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { OpenCalls } from './open-calls.ts';
import { failureOf, mapFinishReason } from './map-finish-reason.ts';
import { ThinkTags } from './think-tags.ts';

/**
 * Reads one answer among several, delta by delta; a whole message is one delta that says it all.
 * Servers of this protocol differ in where they put reasoning, and how they number tool calls.
 */
export class ChoiceReader {
  readonly #choice: number;
  readonly #calls: OpenCalls;
  readonly #tags: ThinkTags | undefined;
  /** Index of the last content part that began, and what it is. */
  #part = -1;
  #kind: 'text' | 'reasoning' | 'tool' | undefined;
  #finished = false;

  constructor(choice: number, thinkTags: boolean) {
    this.#choice = choice;
    this.#calls = new OpenCalls(choice, () => this.#next('tool'));
    this.#tags = thinkTags ? new ThinkTags() : undefined;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** `delta` of a chunk, or `message` of a whole answer. */
  read(delta: JsonObject): StreamEvent[] {
    const refusal = asString(delta['refusal']);
    return [
      ...this.#reason(reasoningOf(delta)),
      ...this.#content(delta['content']),
      ...(refusal ? [{ type: 'refusal-delta', choice: this.#choice, text: refusal } as const] : []),
      ...this.#calls.read(delta),
      ...(hasMore(delta) ? [this.#other()] : []),
    ];
  }

  /** `finish_reason`, where the choice has one. Some servers send an empty one with every chunk, or the last one twice. */
  finish(raw: string | undefined): StreamEvent[] {
    if (raw === undefined || raw === '' || raw === 'null' || this.#finished) return [];
    const code = failureOf(raw);
    if (code) return [{ type: 'error', error: new GatewayError(code, { message: failureText(raw) }) }];
    this.#finished = true;
    return [
      ...(this.#tags?.end() ?? []).flatMap(({ thinks, text }) => (thinks ? this.#reason(text) : this.#text(text))),
      ...this.#calls.endAll(),
      { type: 'finish', choice: this.#choice, reason: mapFinishReason(raw), raw },
    ];
  }

  /** A text, or parts as Mistral has them. */
  #content(content: Json | undefined): StreamEvent[] {
    if (typeof content === 'string') return this.#taggedText(content);
    if (!Array.isArray(content)) return [];
    return content.flatMap((part) => {
      const type = isJsonObject(part) ? part['type'] : undefined;
      if (!isJsonObject(part) || (type !== 'text' && type !== 'thinking')) return [this.#other()];
      return type === 'thinking' ? this.#reason(textIn(part['thinking'])) : this.#taggedText(textIn(part['text']));
    });
  }

  #taggedText(text: string): StreamEvent[] {
    if (!this.#tags) return this.#text(text);
    return this.#tags.read(text).flatMap((piece) => (piece.thinks ? this.#reason(piece.text) : this.#text(piece.text)));
  }

  #text(text: string): StreamEvent[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: this.#choice, index: this.#partOf('text'), text }];
  }

  #reason(text: string): StreamEvent[] {
    if (text === '') return [];
    return [{ type: 'reasoning-delta', choice: this.#choice, index: this.#partOf('reasoning'), text }];
  }

  #other(): StreamEvent {
    return { type: 'other-content', choice: this.#choice };
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

/** Under the names that servers give it; those that use two say the same under both. */
function reasoningOf(delta: JsonObject): string {
  return asString(delta['reasoning_content']) || asString(delta['reasoning']) || reasoningDetails(delta);
}

/** @see https://openrouter.ai/docs/use-cases/reasoning-tokens (checked 2026-11-21) */
function reasoningDetails({ reasoning_details: details }: JsonObject): string {
  if (!Array.isArray(details)) return '';
  return details.map((entry) => (isJsonObject(entry) ? textIn(entry['text'] ?? entry['summary']) : '')).join('');
}

/** A text, or the texts of the parts that it is made of. */
function textIn(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((part) => (isJsonObject(part) ? (asString(part['text']) ?? '') : '')).join('');
}

/** Content that has no place among our events: speech, and the pages that a search found. */
function hasMore({ audio, annotations, reasoning_details: details }: JsonObject): boolean {
  const isSealed = Array.isArray(details) && details.some((entry) => isJsonObject(entry) && entry['data']);
  return Boolean(audio) || (Array.isArray(annotations) && annotations.length > 0) || isSealed;
}

function failureText(raw: string): string {
  return `The provider broke the answer off ("${raw}").`;
}
