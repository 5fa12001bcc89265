import assert from 'node:assert/strict';

export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposed {
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly ExposedSample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/su;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/suy;

/** Reads Prometheus' text format strictly: what it would not take fails the test. */
export function parseExposition(text: string): Exposed {
  assert.ok(text.endsWith('\n'), 'the last line must end');
  const types = new Map<string, string>();
  const samples: ExposedSample[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) {
      assert.ok(!types.has(name), `${name} has two types`);
      types.set(name, type);
    } else if (!line.startsWith('# HELP ')) samples.push(parseSample(line, types));
  }
  return { types, samples };
}

function parseSample(line: string, types: ReadonlyMap<string, string>): ExposedSample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  assert.ok(name !== undefined && value !== undefined, `not a sample: ${line}`);
  const family = types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
  assert.ok(types.has(family), `${name} has no type before it`);
  assert.ok(family === name || types.get(family) === 'histogram');
  return { name, labels: parseLabels(labels), value: parseValue(value) };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name, value] = LABEL.exec(text) ?? [];
    assert.ok(name !== undefined && value !== undefined, `not labels: ${text}`);
    labels[name] = value.replaceAll(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

function parseValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  assert.ok(text === 'NaN' || !Number.isNaN(value), `not a number: ${text}`);
  return value;
}
