import { type Sample, exposeFamily } from './exposition.ts';

/**
 * A small registry of metrics. A series is looked up once and kept; counting is then an addition to a field,
 * which is what the request thread can afford (docs/adr/0002-metrics-registry.md).
 */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** What is told about a metric, and written into docs/metrics.md. */
export interface MetricInfo {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

interface Family extends MetricInfo {
  readonly type: MetricType;
  samples(): Iterable<Sample>;
}

/** One number, of a counter or a gauge. */
export class NumberSeries {
  value = 0;

  add(amount: number): void {
    this.value += amount;
  }
}

/** Counts of observations up to each bound, and their sum. */
export class HistogramSeries {
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last counts what is over all of them. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] as number)) at += 1;
    this.counts[at] = (this.counts[at] as number) + 1;
    this.sum += value;
  }
}

/** The series of one metric by the values of its labels, in the order of `labels`. Callers bound the values. */
export class SeriesFamily<Series> {
  readonly #create: () => Series;
  readonly #series = new Map<string, { readonly values: readonly string[]; readonly series: Series }>();

  constructor(create: () => Series) {
    this.#create = create;
  }

  /** Meant to be called once for each set of values, and kept. */
  with(...values: string[]): Series {
    const key = JSON.stringify(values);
    let entry = this.#series.get(key);
    if (!entry) {
      entry = { values, series: this.#create() };
      this.#series.set(key, entry);
    }
    return entry.series;
  }

  entries(): Iterable<{ readonly values: readonly string[]; readonly series: Series }> {
    return this.#series.values();
  }
}

/** A value that is read when somebody asks, with the values of its labels. */
export type Reading = readonly [value: number, ...labelValues: string[]];

export class Registry {
  readonly #families = new Map<string, Family>();
  readonly #beforeReading: (() => void)[] = [];

  counter(info: MetricInfo): SeriesFamily<NumberSeries> {
    return this.#numbers('counter', info);
  }

  gauge(info: MetricInfo): SeriesFamily<NumberSeries> {
    return this.#numbers('gauge', info);
  }

  histogram(info: MetricInfo, bounds: readonly number[]): SeriesFamily<HistogramSeries> {
    const family = new SeriesFamily(() => new HistogramSeries(bounds));
    this.#add({
      ...info,
      type: 'histogram',
      *samples() {
        for (const { values, series } of family.entries()) yield* histogramSamples(info.labels, values, series);
      },
    });
    return family;
  }

  /** A metric that is kept elsewhere and read at each exposition. */
  read(type: 'counter' | 'gauge', info: MetricInfo, readings: () => Iterable<Reading>): void {
    this.#add({
      ...info,
      type,
      *samples() {
        for (const [value, ...values] of readings()) yield { labels: pairs(info.labels, values), value };
      },
    });
  }

  /** What is counted late is counted before somebody reads. */
  beforeReading(count: () => void): void {
    this.#beforeReading.push(count);
  }

  /** Every metric there is. */
  describe(): readonly (MetricInfo & { readonly type: MetricType })[] {
    return [...this.#families.values()].map(({ name, help, labels, type }) => ({ name, help, labels, type }));
  }

  /** All metrics in Prometheus' text format 0.0.4. */
  expose(): string {
    for (const count of this.#beforeReading) count();
    return [...this.#families.values()].map(exposeFamily).join('');
  }

  #numbers(type: 'counter' | 'gauge', info: MetricInfo): SeriesFamily<NumberSeries> {
    const family = new SeriesFamily(() => new NumberSeries());
    this.#add({
      ...info,
      type,
      *samples() {
        for (const { values, series } of family.entries()) {
          yield { labels: pairs(info.labels, values), value: series.value };
        }
      },
    });
    return family;
  }

  #add(family: Family): void {
    if (this.#families.has(family.name)) throw new RangeError(`the metric ${family.name} is there already`);
    this.#families.set(family.name, family);
  }
}

/** A series with fewer values than the metric has labels goes without the last of them. */
function pairs(names: readonly string[], values: readonly string[]): (readonly [string, string])[] {
  return values.map((value, at) => [names[at] ?? '', value]);
}

function* histogramSamples(names: readonly string[], values: readonly string[], series: HistogramSeries) {
  const labels = pairs(names, values);
  let count = 0;
  for (const [at, bound] of [...series.bounds, Number.POSITIVE_INFINITY].entries()) {
    count += series.counts[at] ?? 0;
    yield { suffix: '_bucket', labels: [...labels, ['le', formatBound(bound)] as const], value: count };
  }
  yield { suffix: '_sum', labels, value: series.sum };
  yield { suffix: '_count', labels, value: count };
}

function formatBound(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
}
