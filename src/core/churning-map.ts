/**
 * A map that entries enter and leave all the time. Its values are not in the table of a `Map`, which would keep them long
 * after they are gone: see `Crowd`. The keys are, so they should be short.
 */
export class ChurningMap<Value, Key extends string | number = string> {
  readonly #places = new Map<Key, number>();
  readonly #values: (Value | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.size;
  }

  has(key: Key): boolean {
    return this.#places.has(key);
  }

  get(key: Key): Value | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  set(key: Key, value: Value): void {
    const place = this.#places.get(key) ?? this.#free.pop() ?? this.#values.length;
    this.#places.set(key, place);
    this.#values[place] = value;
  }

  delete(key: Key): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#places.delete(key);
    this.#values[place] = undefined;
    this.#free.push(place);
    return true;
  }

  /** A copy, in the order in which their keys came. */
  values(): Value[] {
    return Array.from(this.#places.values(), (place) => this.#values[place] as Value);
  }
}
