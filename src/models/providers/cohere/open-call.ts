import type { StreamEvent } from '../../../core/events.ts';

/** What Cohere writes for the arguments of a function that takes none. */
const NONE = 'null';

/** One tool call as its arguments come. `null` is held back while they may still be that: it stands for no arguments. */
export class OpenCall {
  readonly #index: number;
  #held = '';
  #begun = false;

  constructor(index: number) {
    this.#index = index;
  }

  start(id: string, name: string): StreamEvent {
    return { type: 'tool-call-start', choice: 0, index: this.#index, id, name };
  }

  read(text: string): StreamEvent[] {
    if (text === '') return [];
    const argumentsText = this.#held + text;
    if (!this.#begun && NONE.startsWith(argumentsText)) {
      this.#held = argumentsText;
      return [];
    }
    this.#held = '';
    this.#begun = true;
    return [{ type: 'tool-call-delta', choice: 0, index: this.#index, argumentsText }];
  }

  end(): StreamEvent[] {
    const rest: StreamEvent[] =
      this.#held === '' || this.#held === NONE
        ? []
        : [{ type: 'tool-call-delta', choice: 0, index: this.#index, argumentsText: this.#held }];
    return [...rest, { type: 'tool-call-end', choice: 0, index: this.#index }];
  }
}
