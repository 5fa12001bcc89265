import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { GAUGE_RULES, countedIn, mergeExpositions } from './merge.ts';
import { Registry } from './registry.ts';

const PAGE = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

/** What one process exposes. */
function exposed(value: number): string {
  const registry = new Registry();
  registry
    .counter({ name: 'c_total', help: 'Of "all"\\.', labels: ['model'] })
    .with('a "b" c\n')
    .add(value);
  registry
    .counter({ name: 'mine_total', help: '', labels: ['who'] })
    .with(String(value))
    .add(1);
  registry.histogram({ name: 'h', help: 'Times.', labels: [] }, [1, 10]).with().observe(value);
  for (const name of ['llm_requests_in_flight', 'causeway_load_pressure', 'causeway_database_up']) {
    registry.gauge({ name, help: 'Now.', labels: [] }).with().add(value);
  }
  registry.gauge({ name: 'causeway_prompt_cache_hit_ratio', help: 'Now.', labels: [] }).with().add(value);
  return registry.expose();
}

test('one process is as it is', () => {
  assert.equal(mergeExpositions([exposed(3)]), exposed(3));
  assert.equal(mergeExpositions(['', exposed(3), '']), exposed(3));
});

test('counters and histograms are added up, gauges as each of them is meant', () => {
  const lines = mergeExpositions([exposed(1), exposed(2), exposed(30)])
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  assert.deepEqual(lines, [
    'c_total{model="a \\"b\\" c\\n"} 33',
    'mine_total{who="1"} 1',
    'mine_total{who="2"} 1',
    'mine_total{who="30"} 1',
    'h_bucket{le="1"} 1',
    'h_bucket{le="10"} 2',
    'h_bucket{le="+Inf"} 3',
    'h_sum 33',
    'h_count 3',
    'llm_requests_in_flight 33',
    'causeway_load_pressure 30',
    'causeway_database_up 1',
    'causeway_prompt_cache_hit_ratio 11',
    '',
  ]);
});

test('each metric has one head, and values that are no numbers stay what they are', () => {
  const merged = mergeExpositions([exposed(1), exposed(2)]);
  assert.equal(merged.match(/^# TYPE /gm)?.length, 7);
  const infinite = '# HELP x X.\n# TYPE x gauge\nx +Inf\n';
  assert.equal(mergeExpositions([infinite, infinite]), infinite);
  const none = '# HELP x X.\n# TYPE x gauge\nx NaN\n';
  assert.equal(mergeExpositions([none]), none);
});

test('what a process that ended had counted is without what it was', () => {
  const counted = countedIn(exposed(3));
  assert.doesNotMatch(counted, /gauge|in_flight|pressure/);
  assert.match(counted, /^c_total\{.*\} 3$/m);
  assert.match(counted, /^h_count 1$/m);
});

test('for every gauge it is settled how several become one, and docs/metrics.md says so', () => {
  const gauges = [...PAGE.matchAll(/^\| `(\w+)` \| gauge \|/gm)].map(([, name = '']) => name);
  assert.deepEqual(Object.keys(GAUGE_RULES).toSorted(), gauges.toSorted());
  const [, section = ''] = /^## Several workers$([\s\S]*?)^## /m.exec(PAGE) ?? [];
  const told = new Map<string, string>();
  for (const [, rule = '', names = ''] of section.matchAll(/^\| (sum|max|min|mean)\b[^|]*\| (.*) \|$/gm)) {
    for (const [, name = ''] of names.matchAll(/`(\w+)`/g)) told.set(name, rule);
  }
  const notAdded = Object.entries(GAUGE_RULES).filter(([, rule]) => rule !== 'sum');
  assert.deepEqual([...told].toSorted(byName), notAdded.toSorted(byName));
});

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
