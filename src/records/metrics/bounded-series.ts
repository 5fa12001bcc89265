/** Stands for every name that came after there were too many. */
export const OTHER = 'other';

const MAX_NAMES = 1000;
const MAX_NAME_CHARS = 128;

/**
 * Series by a name that clients choose, e.g. of a model. Each costs memory here and in every Prometheus that asks,
 * so after the first thousand names all others share one.
 */
export class BoundedSeries<Series> {
  readonly #create: (name: string) => Series;
  readonly #overflow: () => void;
  readonly #maxNames: number;
  readonly #byName = new Map<string, Series>();
  #other: Series | undefined;

  /** `overflow` is told of every use that went to `other`. */
  constructor(create: (name: string) => Series, overflow: () => void, maxNames: number = MAX_NAMES) {
    this.#create = create;
    this.#overflow = overflow;
    this.#maxNames = maxNames;
  }

  of(name: string): Series {
    return this.#byName.get(name) ?? this.#first(name);
  }

  #first(name: string): Series {
    if (name.length > MAX_NAME_CHARS) return this.of(name.slice(0, MAX_NAME_CHARS));
    if (name === OTHER) return this.#others();
    if (this.#byName.size >= this.#maxNames) {
      this.#overflow();
      return this.#others();
    }
    const series = this.#create(name);
    this.#byName.set(name, series);
    return series;
  }

  #others(): Series {
    this.#other ??= this.#create(OTHER);
    return this.#other;
  }
}
