import { JudgeFailed } from '../engine/judge.ts';
import { Turns } from '../scan/turns.ts';

/** So many requests to one judge are under way in this process. */
const AT_ONCE = 64;
/** And so many wait; of one project at most a quarter. */
const MOST_WAITING = 1024;
const MOST_OF_PROJECT = MOST_WAITING / 4;

/** A text that waits for a lane. */
interface Waiting {
  /** Its project. */
  readonly from: string;
  readonly start: () => void;
}

/** What one judge is asked at a time. Projects take turns, so that none has another wait for all of its texts. */
export class Lanes {
  readonly #name: string;
  readonly #waiting = new Turns<Waiting>();
  #busy = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** @throws JudgeFailed where too many wait already */
  async run<T>(project: string, ask: () => Promise<T>): Promise<T> {
    if (this.#busy < AT_ONCE) this.#busy += 1;
    else await this.#turn(project);
    try {
      return await ask();
    } finally {
      // The lane goes to the next one at once, or is free.
      const next = this.#waiting.take();
      if (next) next.start();
      else this.#busy -= 1;
    }
  }

  #turn(from: string): Promise<void> {
    if (this.#waiting.count >= MOST_WAITING || this.#waiting.countOf(from) >= MOST_OF_PROJECT) {
      throw new JudgeFailed(`${this.#name} has too many texts to judge at once`);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ from, start: resolve });
    return promise;
  }
}
