import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { AnswerContext, StreamEncoder } from '../dialect-adapter.ts';
import { AnswerHead } from './answer-head.ts';
import { FINISH_REASONS } from './finish-reasons.ts';

/** What is added to one choice of a text completion, or its end. */
interface TextDelta {
  readonly choice: number;
  readonly text: string;
  /** `finish_reason`; null until the choice ends. */
  readonly finish: string | null;
}

/** Reads the events of an answer as what a text completion says: a refusal is a text here, and nothing else is shown. */
class CompletionTexts {
  readonly #head: AnswerHead;
  readonly #emit: (delta: TextDelta) => void;
  /** Whether each choice has ended. */
  readonly #choices = new Map<number, boolean>();

  constructor(context: AnswerContext, emit: (delta: TextDelta) => void) {
    this.#head = new AnswerHead(context);
    this.#emit = emit;
  }

  get head(): JsonObject {
    return this.#head.fields('text_completion', 'cmpl-');
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
      case 'text-delta':
      case 'refusal-delta':
        this.#say(event.choice, event.text);
        return;
      case 'finish':
        this.#finish(event.choice, event.reason);
        return;
      default:
    }
  }

  /** There is at least one choice then, and each of them has ended. */
  end(): void {
    if (this.#choices.size === 0) this.#choices.set(0, false);
    for (const choice of this.#choices.keys()) this.#finish(choice, 'other');
  }

  #say(choice: number, text: string): void {
    if (!this.#choices.has(choice)) this.#choices.set(choice, false);
    if (text !== '') this.#emit({ choice, text, finish: null });
  }

  #finish(choice: number, reason: FinishReason): void {
    if (this.#choices.get(choice)) return;
    this.#choices.set(choice, true);
    this.#emit({ choice, text: '', finish: FINISH_REASONS[reason] });
  }
}

/**
 * A text completion in one piece.
 * @see https://platform.openai.com/docs/api-reference/completions/object (checked 2026-11-22)
 */
export function encodeCompletion(events: readonly StreamEvent[], context: AnswerContext): JsonObject {
  const choices = new Map<number, { text: string; finish: string | null }>();
  const answer = new CompletionTexts(context, ({ choice, text, finish }) => {
    const known = choices.get(choice) ?? { text: '', finish: null };
    choices.set(choice, { text: known.text + text, finish: finish ?? known.finish });
  });
  for (const event of events) answer.read(event);
  answer.end();
  const { usage } = answer;
  const all = [...choices].toSorted(([a], [b]) => a - b);
  return {
    ...answer.head,
    choices: all.map(([index, { text, finish }]): Json => ({ text, index, logprobs: null, finish_reason: finish })),
    ...(usage ? { usage } : {}),
  };
}

/**
 * Writes the chunks of a text completion.
 * @see https://platform.openai.com/docs/api-reference/completions (checked 2026-11-22)
 */
export class CompletionStreamEncoder implements StreamEncoder {
  readonly #answer: CompletionTexts;
  readonly #includeUsage: boolean;
  #written = '';
  /** All chunks begin alike, so that is written once: up to the brace that would close the object. */
  #head: string | undefined;

  constructor(context: AnswerContext) {
    this.#answer = new CompletionTexts(context, ({ choice, text, finish }) => {
      const choices = [{ text, index: choice, logprobs: null, finish_reason: finish }];
      this.#frame(this.#includeUsage ? { choices, usage: null } : { choices });
    });
    const options = context.body?.['stream_options'];
    this.#includeUsage = isJsonObject(options) && options['include_usage'] === true;
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

  #frame(fields: JsonObject): void {
    this.#head ??= `data: ${JSON.stringify(this.#answer.head).slice(0, -1)},`;
    this.#written += `${this.#head}${JSON.stringify(fields).slice(1)}\n\n`;
  }

  #take(): string {
    const written = this.#written;
    this.#written = '';
    return written;
  }
}
