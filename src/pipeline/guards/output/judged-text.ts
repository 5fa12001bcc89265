import type { AnswerState } from './guard-run.ts';
import type { JudgePanel } from './judge-panel.ts';
import { type Steps, isHigh } from './steps.ts';

/** Units of what was said before that a judge sees with a segment. */
const SAID_BEFORE = 2000;

/** What came of one question. */
interface Asked {
  isReplaced: boolean;
}

const REDACTED = '[REDACTED]';

/** A text that goes on by segments, each after the judges' verdict on it and on what came before. */
export class JudgedText {
  /** Some of it was replaced. */
  isChanged = false;
  readonly #panel: JudgePanel;
  readonly #state: AnswerState;
  readonly #segment: number;
  #before = '';
  #waiting = '';

  constructor(panel: JudgePanel, state: AnswerState, segment: number) {
    this.#panel = panel;
    this.#state = state;
    this.#segment = segment;
  }

  *add(text: string): Steps<string> {
    if (this.#panel.isEmpty) return this.#all() + text;
    this.#waiting += text;
    let out = '';
    while (this.#waiting.length >= this.#segment && !this.#state.stop) {
      const to = isHigh(this.#waiting, this.#segment - 1) ? this.#segment + 1 : this.#segment;
      // The other half of the character is still to come.
      if (to > this.#waiting.length) break;
      const segment = this.#waiting.slice(0, to);
      this.#waiting = this.#waiting.slice(to);
      out += yield* this.#judged(segment);
    }
    return out;
  }

  *flush(): Steps<string> {
    const rest = this.#all();
    return rest === '' ? '' : yield* this.#judged(rest);
  }

  *#judged(segment: string): Steps<string> {
    const asked: Asked = { isReplaced: false };
    yield this.#ask(this.#before + segment, asked);
    const { isReplaced } = asked;
    this.isChanged ||= isReplaced;
    this.#before = (this.#before + segment).slice(-SAID_BEFORE);
    if (this.#state.stop) return '';
    return isReplaced ? REDACTED : segment;
  }

  async #ask(text: string, asked: Asked): Promise<void> {
    asked.isReplaced = await this.#panel.ask(text);
  }

  #all(): string {
    const all = this.#waiting;
    this.#waiting = '';
    return all;
  }
}
