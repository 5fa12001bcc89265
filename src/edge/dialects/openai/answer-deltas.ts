import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { AnswerHead } from './answer-head.ts';
import { type ChoiceDelta, ChoiceDeltas } from './choice-deltas.ts';
import { usesFunctions } from './decode-tools.ts';
import type { CallForm } from './finish-reasons.ts';

/** Reads the events of an answer and gives what they add to its choices. */
export class AnswerDeltas {
  readonly #context: AnswerContext;
  readonly #head: AnswerHead;
  readonly #emit: (delta: ChoiceDelta) => void;
  readonly #form: CallForm;
  readonly #choices = new Map<number, ChoiceDeltas>();

  constructor(context: AnswerContext, emit: (delta: ChoiceDelta) => void) {
    this.#context = context;
    this.#head = new AnswerHead(context);
    this.#emit = emit;
    this.#form = usesFunctions(context.request) ? 'function_call' : 'tool_calls';
  }

  /** What every chunk and every whole answer begins with. */
  head(object: 'chat.completion' | 'chat.completion.chunk'): JsonObject {
    return this.#head.fields(object, 'chatcmpl-');
  }

  get usage(): JsonObject | undefined {
    return this.#head.usage;
  }

  read(event: StreamEvent): void {
    switch (event.type) {
      case 'message-start':
      case 'usage':
        this.#head.read(event);
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
