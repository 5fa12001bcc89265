import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext, StreamEncoder } from '../dialect-adapter.ts';
import { AnswerParts, candidate } from './answer-parts.ts';

/**
 * Writes a GenerateContentResponse for each part, and a last one with the reason why the answer ended and the usage.
 * They are server-sent events, which is what the SDKs ask for with `alt=sse`.
 * @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent (checked 2026-11-21)
 */
export class GeminiStreamEncoder implements StreamEncoder {
  readonly #answer: AnswerParts;
  #written = '';

  constructor(context: AnswerContext) {
    this.#answer = new AnswerParts(context, (index, part) => this.#frame({ candidates: [candidate(index, [part])] }));
  }

  push(events: readonly StreamEvent[]): string {
    for (const event of events) this.#answer.read(event);
    return this.#take();
  }

  end(): string {
    const candidates = this.#answer.end().map(({ index, part, finishReason }) => {
      return candidate(index, [part], { finishReason });
    });
    this.#frame({ candidates, ...this.#answer.usage });
    return this.#take();
  }

  #frame(fields: JsonObject): void {
    this.#written += `data: ${JSON.stringify({ ...fields, ...this.#answer.foot })}\n\n`;
  }

  #take(): string {
    const written = this.#written;
    this.#written = '';
    return written;
  }
}
