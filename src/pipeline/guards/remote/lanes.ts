import { JudgeFailed } from '../engine/judge.ts';

/** So many requests to one judge are under way in this process. */
const AT_ONCE = 64;
/** And so many wait; of one project at most a quarter. */
const MOST_WAITING = 1024;
const MOST_OF_PROJECT = MOST_WAITING / 4;

type Start = () => void;

/** What one judge is asked at a time. Projects take turns, so that none has another wait for all of its texts. */
export class Lanes {
  readonly #name: string;
  readonly #waiting = new Map<string, Start[]>();
  #count = 0;
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
      this.#next();
    }
  }

  #turn(project: string): Promise<void> {
    const line = this.#waiting.get(project) ?? [];
    if (this.#count >= MOST_WAITING || line.length >= MOST_OF_PROJECT) {
      throw new JudgeFailed(`${this.#name} has too many texts to judge at once`);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    line.push(resolve);
    this.#waiting.set(project, line);
    this.#count += 1;
    return promise;
  }

  /** The lane goes to the first of the project whose turn it is, which then stands behind the others. */
  #next(): void {
    for (const [project, line] of this.#waiting) {
      const start = line.shift();
      this.#waiting.delete(project);
      if (line.length > 0) this.#waiting.set(project, line);
      if (!start) continue;
      this.#count -= 1;
      start();
      return;
    }
    this.#busy -= 1;
  }
}
