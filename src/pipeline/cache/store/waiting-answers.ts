import type { StoredAnswer } from '../answer/stored-answer.ts';

/** More are not left waiting: they are looked at together, which costs less than one by one between requests. */
const MOST = 32;
const MOST_BYTES = 256 * 1024;

interface Waiting {
  readonly answer: StoredAnswer;
  readonly length: number;
  readonly isGood: () => boolean;
}

/**
 * Answers that came in one piece and were not looked at yet. Each is when it is asked for, or with the others when there
 * are many of them; until then it holds nobody up, and it is as if it were kept already.
 */
export class WaitingAnswers {
  readonly #keep: (answer: StoredAnswer) => void;
  /** A new one each time: a table that is cleared keeps what was in it for long (see `Crowd`). */
  #waiting = new Map<string, Waiting>();
  #bytes = 0;

  /** @param keep is given those that are good */
  constructor(keep: (answer: StoredAnswer) => void) {
    this.#keep = keep;
  }

  add(answer: StoredAnswer, length: number, isGood: () => boolean): void {
    this.settle(answer.key);
    this.#waiting.set(answer.key, { answer, length, isGood });
    this.#bytes += length;
    if (this.#waiting.size >= MOST || this.#bytes > MOST_BYTES) this.settleAll();
  }

  /** Looks at the one of this key, if it waits. */
  settle(key: string): void {
    const one = this.#waiting.get(key);
    if (one === undefined) return;
    this.#waiting.delete(key);
    this.#bytes -= one.length;
    this.#settle(one);
  }

  settleAll(): void {
    if (this.#waiting.size === 0) return;
    const all = this.#waiting;
    this.#waiting = new Map();
    this.#bytes = 0;
    for (const one of all.values()) this.#settle(one);
  }

  #settle({ answer, isGood }: Waiting): void {
    try {
      if (isGood()) this.#keep(answer);
    } catch {
      // It is asked for again.
    }
  }
}
