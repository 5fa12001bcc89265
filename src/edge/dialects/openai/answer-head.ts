import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Usage, mergeUsage } from '../../../core/usage.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { encodeUsage } from './encode-usage.ts';

/** What an answer says beside its choices: whose it is, and what was used. */
export class AnswerHead {
  readonly #context: AnswerContext;
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage = {};

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  read(event: StreamEvent): void {
    if (event.type === 'message-start') {
      this.#id = event.id ?? this.#id;
      this.#model = event.model ?? this.#model;
    } else if (event.type === 'usage') this.#usage = mergeUsage(this.#usage, event.usage);
  }

  /**
   * What every chunk and every whole answer begins with.
   * @param prefix of the id that is made where the provider gives none
   */
  fields(object: string, prefix: string): JsonObject {
    const { requestId, createdAt, model } = this.#context;
    return {
      id: this.#id ?? `${prefix}${requestId}`,
      object,
      created: Math.floor(createdAt / 1000),
      model: this.#model ?? model,
    };
  }

  get usage(): JsonObject | undefined {
    return encodeUsage(this.#usage);
  }
}
