import type { StreamEvent } from '../../../core/events.ts';
import type { Reshape } from '../provider.ts';

interface ReshapeRules {
  /** Names of tools that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
  /** The tool whose call is the answer, where there is one. */
  readonly answerTool: string | undefined;
}

/** Makes one answer to a translated request what the client asked for. */
export function reshapeAnswer({ renamed, answerTool }: ReshapeRules): Reshape {
  const served = new ServedCalls();
  const answer = answerTool === undefined ? undefined : new AnswerByTool(answerTool);
  return (event) => {
    if (served.has(event)) return [OTHER];
    const shaped = answer?.reshape(event) ?? [event];
    return renamed.size === 0 ? shaped : shaped.map((each) => withName(each, renamed));
  };
}

const OTHER: StreamEvent = { type: 'other-content', choice: 0 };

function withName(event: StreamEvent, renamed: ReadonlyMap<string, string>): StreamEvent {
  if (event.type !== 'tool-call-start') return event;
  return { ...event, name: renamed.get(event.name) ?? event.name };
}

/** Calls of tools that the provider ran itself; a client would try to run them once more. */
class ServedCalls {
  readonly #parts = new Set<string>();

  has(event: StreamEvent): boolean {
    switch (event.type) {
      case 'tool-call-start':
        if (event.served) this.#parts.add(keyOf(event));
        return event.served === true;
      case 'tool-call-delta':
      case 'tool-call-end':
        return this.#parts.has(keyOf(event));
      default:
        return false;
    }
  }
}

/** Makes the call of the answer's tool text again, and such an answer end as one that was said. */
class AnswerByTool {
  readonly #toolName: string;
  /** Parts that are calls of the answer's tool, and whether they had arguments yet. */
  readonly #parts = new Map<string, boolean>();
  readonly #answered = new Set<number>();
  readonly #calling = new Set<number>();

  constructor(toolName: string) {
    this.#toolName = toolName;
  }

  reshape(event: StreamEvent): readonly StreamEvent[] {
    switch (event.type) {
      case 'tool-call-start':
        return this.#start(event) ? [] : [event];
      case 'tool-call-delta':
        return this.#text(event, event.argumentsText) ?? [event];
      case 'tool-call-end':
        return this.#text(event, this.#parts.get(keyOf(event)) ? '' : '{}') ?? [event];
      case 'finish':
        return [this.#isSaid(event) ? { type: 'finish', choice: event.choice, reason: 'stop' } : event];
      default:
        return [event];
    }
  }

  #start(event: Extract<StreamEvent, { type: 'tool-call-start' }>): boolean {
    const isAnswer = event.name === this.#toolName;
    (isAnswer ? this.#answered : this.#calling).add(event.choice);
    if (isAnswer) this.#parts.set(keyOf(event), false);
    return isAnswer;
  }

  /** Undefined where the part is a call of the client's own tools. */
  #text(part: Part, text: string): StreamEvent[] | undefined {
    const key = keyOf(part);
    if (!this.#parts.has(key)) return undefined;
    if (text === '') return [];
    this.#parts.set(key, true);
    return [{ type: 'text-delta', choice: part.choice, index: part.index, text }];
  }

  #isSaid({ choice, reason }: Extract<StreamEvent, { type: 'finish' }>): boolean {
    return reason === 'tool-calls' && this.#answered.has(choice) && !this.#calling.has(choice);
  }
}

interface Part {
  readonly choice: number;
  readonly index: number;
}

function keyOf({ choice, index }: Part): string {
  return `${choice}/${index}`;
}
