/** What waits, by whom it is from: each of them has one turn after the other, however much of one waits. */
export class Turns<One extends { readonly from: string }> {
  /** Whose turn is next comes first. */
  readonly #waiting = new Map<string, One[]>();

  /** Behind what waits of the same one. */
  add(one: One): void {
    const own = this.#waiting.get(one.from);
    if (own) own.push(one);
    else this.#waiting.set(one.from, [one]);
  }

  take(): One | undefined {
    const [next] = this.#waiting;
    if (!next) return undefined;
    const [from, own] = next;
    this.#waiting.delete(from);
    const one = own.shift();
    if (own.length > 0) this.#waiting.set(from, own);
    return one;
  }

  remove(one: One): void {
    const left = (this.#waiting.get(one.from) ?? []).filter((other) => other !== one);
    if (left.length > 0) this.#waiting.set(one.from, left);
    else this.#waiting.delete(one.from);
  }

  takeAll(): One[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return all;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }
}
