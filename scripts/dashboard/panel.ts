/** What is shown: lines over time, or one number. */
export interface Panel {
  readonly title: string;
  readonly unit: Unit;
  /** PromQL, and what a line is called. */
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  readonly kind?: 'lines' | 'number';
  /** What a reader may not guess. */
  readonly note?: string;
  /** Each area on top of the one below. */
  readonly stacked?: boolean;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Units as Grafana names them. */
type Unit = 'reqps' | 'percentunit' | 's' | 'currencyUSD' | 'short' | 'bytes' | 'ops' | 'dateTimeAsIso' | 'none';

/** The processes that the reader has chosen. */
export const HERE = 'job=~"$job", instance=~"$instance"';
/** The same, and the models. */
export const MODELS = `${HERE}, model=~"$model"`;

/** Per second, over the time that suits the zoom. */
export function rate(metric: string, labels: string = HERE): string {
  return `rate(${metric}{${labels}}[$__rate_interval])`;
}

export function sumBy(labels: string, vector: string): string {
  return labels === '' ? `sum(${vector})` : `sum by (${labels}) (${vector})`;
}

export function quantile(q: number, metric: string, by: string, labels: string = HERE): string {
  const kept = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${kept}) (${rate(`${metric}_bucket`, labels)}))`;
}

/** Lines for the median and what the unlucky see. */
export function quantiles(metric: string, labels: string): [expr: string, legend: string][] {
  return [0.5, 0.95, 0.99].map((q) => [quantile(q, metric, '', labels), `p${q * 100}`]);
}
