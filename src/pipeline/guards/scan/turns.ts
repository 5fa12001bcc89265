/** What waits, by whom it is from: each of them has one turn after the other, however much of one waits. */
export class Turns<One extends { readonly from: string }> {
  /** Whose turn is next comes first. */
  readonly #waiting = new Map<string, One[]>();
  #count = 0;

  /** Behind what waits of the same one. */
  add(one: One): void {
    const own = this.#waiting.get(one.from);
    if (own) own.push(one);
    else this.#waiting.set(one.from, [one]);
    this.#count += 1;
  }

  take(): One | undefined {
    const [next] = this.#waiting;
    if (!next) return undefined;
    const [from, own] = next;
    this.#waiting.delete(from);
    const one = own.shift();
    this.#count -= 1;
    if (own.length > 0) this.#waiting.set(from, own);
    return one;
  }

  /** The one of somebody whose turn is next among its own, where it is like that. */
  takeOf(from: string, isLike: (one: One) => boolean): One | undefined {
    const own = this.#waiting.get(from);
    const [one] = own ?? [];
    if (!own || !one || !isLike(one)) return undefined;
    own.shift();
    this.#count -= 1;
    if (own.length === 0) this.#waiting.delete(from);
    return one;
  }

  remove(one: One): void {
    const own = this.#waiting.get(one.from) ?? [];
    const left = own.filter((other) => other !== one);
    this.#count -= own.length - left.length;
    if (left.length > 0) this.#waiting.set(one.from, left);
    else this.#waiting.delete(one.from);
  }

  takeAll(): One[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#count = 0;
    return all;
  }

  /** How many wait. */
  get count(): number {
    return this.#count;
  }

  /** Of one. */
  countOf(from: string): number {
    return this.#waiting.get(from)?.length ?? 0;
  }
}
