import type { StreamEvent } from '../../core/events.ts';
import type { EmbeddingAnswer } from '../../core/inference/embedding.ts';
import { GrowingText } from '../../core/growing-text.ts';
import type { StreamItem } from '../../core/reply.ts';

/** Characters kept of one streamed answer; what is beyond shows in its tokens, not in its text. */
const MAX_CHARS = 1024 * 1024;

/** What one answer or tool call takes beside its text. */
const ENTRY_CHARS = 64;

type ToolCallStart = Extract<StreamEvent, { type: 'tool-call-start' }>;

interface ToolCallText {
  readonly id: string;
  readonly name: string;
  readonly arguments: GrowingText;
}

interface AnswerText {
  readonly content: GrowingText;
  readonly reasoning: GrowingText;
  readonly refusal: GrowingText;
  readonly tools: Map<number, ToolCallText>;
}

/** Puts together what a stream said, for the record: one entry for each of several answers. */
export class AnswerCollector {
  readonly #answers = new Map<number, AnswerText>();
  #room = MAX_CHARS;

  take({ events }: Pick<StreamItem, 'events'>): void {
    for (const event of events) this.#note(event);
  }

  /** The JSON bytes of `[{ content, reasoning?, refusal?, tool_calls? }]`; undefined where nothing was said. */
  toJson(): Buffer | undefined {
    if (this.#answers.size === 0) return undefined;
    return Buffer.from(JSON.stringify([...this.#answers.values()].map(viewOf)));
  }

  #note(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        this.#append(event.choice, 'content', event.text);
        break;
      case 'reasoning-delta':
        this.#append(event.choice, 'reasoning', event.text);
        break;
      case 'refusal-delta':
        this.#append(event.choice, 'refusal', event.text);
        break;
      case 'tool-call-start':
        this.#startTool(event);
        break;
      case 'tool-call-delta': {
        const tool = this.#answers.get(event.choice)?.tools.get(event.index);
        tool?.arguments.add(this.#cut(event.argumentsText));
        break;
      }
      default:
    }
  }

  #append(choice: number, field: 'content' | 'reasoning' | 'refusal', text: string): void {
    const answer = this.#answer(choice);
    answer?.[field].add(this.#cut(text));
  }

  #startTool({ choice, index, id, name }: ToolCallStart): void {
    if (!this.#takeRoom()) return;
    this.#answer(choice)?.tools.set(index, { id: this.#cut(id), name: this.#cut(name), arguments: new GrowingText() });
  }

  /** Undefined for one that is new where there is no room. */
  #answer(choice: number): AnswerText | undefined {
    let answer = this.#answers.get(choice);
    if (!answer && this.#takeRoom()) {
      answer = {
        content: new GrowingText(),
        reasoning: new GrowingText(),
        refusal: new GrowingText(),
        tools: new Map(),
      };
      this.#answers.set(choice, answer);
    }
    return answer;
  }

  /** Many empty entries are bounded too. */
  #takeRoom(): boolean {
    if (this.#room < ENTRY_CHARS) return false;
    this.#room -= ENTRY_CHARS;
    return true;
  }

  #cut(text: string): string {
    const kept = text.length <= this.#room ? text : text.slice(0, this.#room);
    this.#room -= kept.length;
    return kept;
  }
}

function viewOf({ content, reasoning: { text: reasoning }, refusal: { text: refusal }, tools }: AnswerText): object {
  const calls = [...tools.values()].map((tool) => ({ ...tool, arguments: tool.arguments.text }));
  return {
    content: content.text,
    ...(reasoning === '' ? {} : { reasoning }),
    ...(refusal === '' ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** Vectors say nothing to a reader: how many there are, and how long, is all that is kept. */
export function vectorsShape({ vectors: [first], vectors }: EmbeddingAnswer): Buffer {
  const dimensions = typeof first === 'string' ? Buffer.byteLength(first, 'base64') / 4 : (first?.length ?? 0);
  return Buffer.from(JSON.stringify({ vectors: vectors.length, dimensions }));
}
