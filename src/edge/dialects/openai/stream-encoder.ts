import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext, StreamEncoder } from '../dialect-adapter.ts';
import { AnswerDeltas } from './answer-deltas.ts';
import type { ChoiceDelta } from './choice-deltas.ts';

/**
 * Writes `chat.completion.chunk` frames.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming (checked 2026-11-21)
 */
export class OpenAiStreamEncoder implements StreamEncoder {
  readonly #answer: AnswerDeltas;
  readonly #includeUsage: boolean;
  #written = '';
  /** All chunks begin alike, so that is written once: up to the brace that would close the object. */
  #head: string | undefined;

  constructor(context: AnswerContext) {
    this.#answer = new AnswerDeltas(context, (delta) => this.#chunk(delta));
    this.#includeUsage = context.request.includeUsage;
  }

  push(events: readonly StreamEvent[]): string {
    for (const event of events) this.#answer.read(event);
    return this.#take();
  }

  end(): string {
    this.#answer.end();
    const { usage } = this.#answer;
    if (this.#includeUsage && usage) this.#frame({ choices: [], usage });
    this.#written += 'data: [DONE]\n\n';
    return this.#take();
  }

  #chunk({ choice, delta, finish }: ChoiceDelta): void {
    const choices = [{ index: choice, delta, logprobs: null, finish_reason: finish }];
    this.#frame(this.#includeUsage ? { choices, usage: null } : { choices });
  }

  #frame(fields: JsonObject): void {
    this.#head ??= `data: ${JSON.stringify(this.#answer.head('chat.completion.chunk')).slice(0, -1)},`;
    this.#written += `${this.#head}${JSON.stringify(fields).slice(1)}\n\n`;
  }

  #take(): string {
    const written = this.#written;
    this.#written = '';
    return written;
  }
}
