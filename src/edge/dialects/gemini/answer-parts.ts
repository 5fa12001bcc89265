import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Usage, mergeUsage } from '../../../core/usage.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { ChoiceParts } from './choice-parts.ts';
import { encodeUsage } from './usage.ts';

/** How one candidate ends. */
export interface CandidateEnd {
  readonly index: number;
  readonly part: JsonObject;
  readonly finishReason: string;
}

/** Reads the events of an answer and gives the parts of its candidates. */
export class AnswerParts {
  readonly #context: AnswerContext;
  readonly #emit: (index: number, part: JsonObject) => void;
  readonly #choices = new Map<number, ChoiceParts>();
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage = {};

  constructor(context: AnswerContext, emit: (index: number, part: JsonObject) => void) {
    this.#context = context;
    this.#emit = emit;
  }

  /** What every chunk and every whole answer ends with. */
  get foot(): JsonObject {
    return { modelVersion: this.#model ?? this.#context.model, responseId: this.#id ?? this.#context.requestId };
  }

  get usage(): JsonObject {
    const usageMetadata = encodeUsage(this.#usage);
    return usageMetadata ? { usageMetadata } : {};
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

  /** The answer is complete. There is at least one candidate then. */
  end(): readonly CandidateEnd[] {
    this.#choice(0);
    const ends: CandidateEnd[] = [];
    for (const [index, choice] of this.#choices) {
      choice.endCalls();
      ends.push({ index, part: choice.lastPart(), finishReason: choice.finishReason });
    }
    return ends.toSorted((a, b) => a.index - b.index);
  }

  #choice(index: number): ChoiceParts {
    let choice = this.#choices.get(index);
    if (!choice) {
      const { requestId, request } = this.#context;
      choice = new ChoiceParts({
        idPrefix: `call_${requestId}_${index}_`,
        showsThoughts: request.reasoning?.display === 'summarized',
        emit: (part) => this.#emit(index, part),
      });
      this.#choices.set(index, choice);
    }
    return choice;
  }
}

/** A candidate with some of its parts. */
export function candidate(index: number, parts: JsonObject[], said: JsonObject = {}): JsonObject {
  return { content: { parts, role: 'model' }, ...said, index };
}
