import type { StoredAnswer } from '../answer/stored-answer.ts';
import { type NameHash, hashName } from './places.ts';

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
  /** A new one each time they are settled, so that what was in it is let go of. */
  #waiting: Waiting[] = [];
  /** A part of the hash of each one's name, in a row: mostly none of them is meant, and that is seen without a look-up. */
  readonly #lows = new Uint32Array(MOST);
  #bytes = 0;

  /** @param keep is given those that are good */
  constructor(keep: (answer: StoredAnswer) => void) {
    this.#keep = keep;
  }

  add(answer: StoredAnswer, length: number, isGood: () => boolean): void {
    const name = hashName(answer.key);
    this.settle(answer.key, name);
    this.#lows[this.#waiting.length] = name.low;
    this.#waiting.push({ answer, length, isGood });
    this.#bytes += length;
    if (this.#waiting.length >= MOST || this.#bytes > MOST_BYTES) this.settleAll();
  }

  /** Looks at the one of this key, if it waits. */
  settle(key: string, { low }: NameHash): void {
    const waiting = this.#waiting;
    for (let at = 0; at < waiting.length; at += 1) {
      if (this.#lows[at] !== low) continue;
      const one = waiting[at] as Waiting;
      if (one.answer.key !== key) continue;
      waiting[at] = waiting.at(-1) as Waiting;
      this.#lows[at] = this.#lows[waiting.length - 1] as number;
      waiting.pop();
      this.#bytes -= one.length;
      this.#settle(one);
      return;
    }
  }

  settleAll(): void {
    if (this.#waiting.length === 0) return;
    const all = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    for (const one of all) this.#settle(one);
  }

  #settle({ answer, isGood }: Waiting): void {
    try {
      if (isGood()) this.#keep(answer);
    } catch {
      // It is asked for again.
    }
  }
}
