import type { StreamEvent } from '../../core/events.ts';
import type { StreamItem } from '../../core/reply.ts';

/** Characters kept of one streamed answer; what is beyond shows in its tokens, not in its text. */
const MAX_CHARS = 1024 * 1024;

interface ToolCallText {
  readonly id: string;
  readonly name: string;
  arguments: string;
}

interface AnswerText {
  content: string;
  reasoning: string;
  refusal: string;
  readonly tools: Map<number, ToolCallText>;
}

/** Puts together what a stream said, for the record: one entry for each of several answers. */
export class AnswerCollector {
  readonly #answers = new Map<number, AnswerText>();
  #room = MAX_CHARS;

  take(item: StreamItem): void {
    for (const event of item.events) this.#note(event);
  }

  /** The JSON bytes of `[{ content, reasoning?, refusal?, tool_calls? }]`; undefined where nothing was said. */
  toJson(): Buffer | undefined {
    if (this.#answers.size === 0) return undefined;
    const answers = [...this.#answers.values()].map(({ content, reasoning, refusal, tools }) => ({
      content,
      ...(reasoning === '' ? {} : { reasoning }),
      ...(refusal === '' ? {} : { refusal }),
      ...(tools.size === 0 ? {} : { tool_calls: [...tools.values()] }),
    }));
    return Buffer.from(JSON.stringify(answers));
  }

  #note(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        this.#answer(event.choice).content += this.#cut(event.text);
        break;
      case 'reasoning-delta':
        this.#answer(event.choice).reasoning += this.#cut(event.text);
        break;
      case 'refusal-delta':
        this.#answer(event.choice).refusal += this.#cut(event.text);
        break;
      case 'tool-call-start':
        this.#answer(event.choice).tools.set(event.index, { id: event.id, name: event.name, arguments: '' });
        break;
      case 'tool-call-delta': {
        const tool = this.#answer(event.choice).tools.get(event.index);
        if (tool) tool.arguments += this.#cut(event.argumentsText);
        break;
      }
      default:
    }
  }

  #answer(choice: number): AnswerText {
    let answer = this.#answers.get(choice);
    if (!answer) {
      answer = { content: '', reasoning: '', refusal: '', tools: new Map() };
      this.#answers.set(choice, answer);
    }
    return answer;
  }

  #cut(text: string): string {
    const kept = text.length <= this.#room ? text : text.slice(0, this.#room);
    this.#room -= kept.length;
    return kept;
  }
}
