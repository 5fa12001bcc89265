import type { Marks } from './deps.ts';

/** A text in which marks become the values again that they stand for. A mark that is not whole waits for its rest. */
export class RestoredText {
  readonly #marks: Marks;
  #held = '';

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  add(text: string): string {
    const all = this.#held + text;
    const held = this.#marks.heldOf(all);
    const to = all.length - held;
    this.#held = all.slice(to);
    return to === 0 ? '' : this.#marks.restore(all.slice(0, to));
  }

  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return rest === '' ? '' : this.#marks.restore(rest);
  }
}
