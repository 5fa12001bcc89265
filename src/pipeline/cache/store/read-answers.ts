import type { StoredAnswer } from '../answer/stored-answer.ts';

/** What an answer takes beside its bytes once it is read, about; what is not bytes then is more than it was. */
const READ_OVERHEAD = 2000;
const NOT_BYTES = 4;

interface Read {
  readonly answer: StoredAnswer;
  /** Where it was read: it is somewhere else when it has been written anew. */
  readonly place: number;
  readonly size: number;
}

/** Answers that were read a moment ago, as they were read, for what is asked for again and again. */
export class ReadAnswers {
  readonly #most: number;
  readonly #read = new Map<string, Read>();
  #bytes = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param place where it is now */
  get(key: string, place: number): StoredAnswer | undefined {
    const read = this.#read.get(key);
    return read?.place === place ? read.answer : undefined;
  }

  /** @param length of what it was read from */
  add(answer: StoredAnswer, place: number, length: number): void {
    const size = READ_OVERHEAD + length * (answer.content.kind === 'bytes' ? 1 : NOT_BYTES);
    this.#forget(answer.key);
    if (size > this.#most / 4) return;
    this.#bytes += size;
    this.#read.set(answer.key, { answer, place, size });
    // The oldest first; those that are asked for come back.
    for (const key of this.#read.keys()) {
      if (this.#bytes <= this.#most) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    const read = this.#read.get(key);
    if (!read) return;
    this.#bytes -= read.size;
    this.#read.delete(key);
  }
}
