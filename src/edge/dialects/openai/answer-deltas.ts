import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Usage, mergeUsage } from '../../../core/usage.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { type ChoiceDelta, ChoiceDeltas } from './choice-deltas.ts';
import { usesFunctions } from './decode-tools.ts';
import { encodeUsage } from './encode-usage.ts';
import type { CallForm } from './finish-reasons.ts';

/** Reads the events of an answer and gives what they add to its choices. */
export class AnswerDeltas {
  readonly #context: AnswerContext;
  readonly #emit: (delta: ChoiceDelta) => void;
  readonly #form: CallForm;
  readonly #choices = new Map<number, ChoiceDeltas>();
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage = {};

  constructor(context: AnswerContext, emit: (delta: ChoiceDelta) => void) {
    this.#context = context;
    this.#emit = emit;
    this.#form = usesFunctions(context.request) ? 'function_call' : 'tool_calls';
  }

  /** What every chunk and every whole answer begins with. */
  head(object: 'chat.completion' | 'chat.completion.chunk'): JsonObject {
    const { requestId, createdAt, model } = this.#context;
    return {
      id: this.#id ?? `chatcmpl-${requestId}`,
      object,
      created: Math.floor(createdAt / 1000),
      model: this.#model ?? model,
    };
  }

  get usage(): JsonObject | undefined {
    return encodeUsage(this.#usage);
  }

  read(event: StreamEvent): void {
    switch (event.type) {
      case 'message-start':
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        return;
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage);
        return;
      case 'end':
      case 'error':
        return;
      default:
        this.#choice(event.choice).read(event);
    }
  }

  /** The answer is complete. There is at least one choice then, and each of them has ended. */
  end(): void {
    this.#choice(0);
    for (const choice of this.#choices.values()) choice.finish('other');
  }

  #choice(at: number): ChoiceDeltas {
    let choice = this.#choices.get(at);
    if (!choice) {
      const idPrefix = `call_${this.#context.requestId}_${at}_`;
      choice = new ChoiceDeltas({ choice: at, form: this.#form, idPrefix, emit: this.#emit });
      this.#choices.set(at, choice);
    }
    return choice;
  }
}
