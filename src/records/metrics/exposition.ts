/** One line of a metric. */
export interface Sample {
  /** Of histograms: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

interface ExposedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  samples(): Iterable<Sample>;
}

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * One metric in Prometheus' text format.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format (checked 2026-11-21)
 */
export function exposeFamily(family: ExposedFamily): string {
  const { name, help, type } = family;
  let text = `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
  for (const { suffix = '', labels, value } of family.samples()) {
    text += `${name}${suffix}${exposeLabels(labels)} ${exposeValue(value)}\n`;
  }
  return text;
}

function exposeLabels(labels: Sample['labels']): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').toWellFormed();
}

function exposeValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
