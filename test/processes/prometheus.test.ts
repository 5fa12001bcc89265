import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { parse } from 'yaml';

import type { ObjectiveView } from '../../src/records/objectives/view.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  PROMTOOL,
  type PrometheusServer,
  noPrometheus,
  noPromtool,
  startPrometheus,
} from '../support/prometheus-server.ts';
import { PROMETHEUS_CONFIG, sendOfEverything } from '../support/traffic-of-everything.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'deploy/prometheus');
const RULES = join(FOLDER, 'causeway.rules.yml');

const RULE_TESTS = ['causeway.rules.test.yml', 'causeway.rules.days.test.yml'];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

interface Shown {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(read('deploy/grafana/causeway.json')) as {
  panels: Shown[];
  templating: { list: { name: string; query: string | { query: string } }[] };
};
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

/** As Grafana fills it in: a time that is long enough to have two scrapes, and all that there is. */
function filledIn(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '1h')
    .replaceAll(/\$(?:job|instance|model)\b/g, '.*');
}

/** What the gateway of this test cannot have, and why. */
const EMPTY: Readonly<Record<string, string>> = {
  'OpenTelemetry export': 'there is no collector here',
  'Age of the snapshot': 'there is one only on PostgreSQL',
  'Retries that the retry budget forbade': 'begins when it first happens, which takes a storm of retries',
};

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { cwd: FOLDER, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
}

describe('the rules for Prometheus', () => {
  it('are what promtool takes', { skip: noPromtool }, () => {
    promtool('check', 'rules', 'causeway.rules.yml');
    promtool('check', 'config', 'prometheus.yml');
  });

  it('fire when they should, and else are silent', { skip: noPromtool }, () =>
    promtool('test', 'rules', ...RULE_TESTS),
  );

  it('have a severity, say what is wrong, and name a section of the runbook that there is', () => {
    const titles = [...read('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
    const sections = new Set(titles.map((title) => title.replaceAll(' ', '-')));
    for (const { alert = '', labels, annotations } of rules.filter((rule) => rule.alert !== undefined)) {
      assert.match(labels?.['severity'] ?? '', /^(?:critical|warning)$/, alert);
      assert.ok((annotations?.['summary'] ?? '') !== '' && (annotations?.['description'] ?? '') !== '', alert);
      const [, section = ''] = /^docs\/runbook\.md#(.+)$/.exec(annotations?.['runbook'] ?? '') ?? [];
      assert.ok(sections.has(section), `${alert}: ${section}`);
    }
  });

  it('are each shown to fire by a test', () => {
    const tests = RULE_TESTS.map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('');
    for (const { alert } of rules) if (alert !== undefined) assert.match(tests, new RegExp(`${alert}\\b`));
  });

  it('and the dashboard ask for metrics that there are', () => {
    const known = new Set(
      [...read('docs/metrics.md').matchAll(/^\| `(\w+)` \| (?:counter|gauge|histogram)/gm)].map(([, name]) => name),
    );
    for (const { expr } of [...rules, ...queries]) {
      for (const [name] of expr.matchAll(/(?<![:\w])(?:causeway|llm|gen_ai|nodejs|process)_\w+(?=[{[)]| |$)/g)) {
        const isLabel = name.startsWith('gen_ai_') && /_(?:name|model)$/.test(name);
        assert.ok(isLabel || known.has(name.replace(/_(?:bucket|sum|count)$/, '')), name);
      }
    }
  });
});

describe('a Prometheus that scrapes a gateway', { skip: noPrometheus }, () => {
  let gateway: Gateway;
  let prometheus: PrometheusServer;

  before(async () => {
    gateway = await startGateway({ config: PROMETHEUS_CONFIG });
    await sendOfEverything(gateway);
    prometheus = await startPrometheus(new URL(gateway.url).host, RULES);
    // A rate is between two scrapes: what begins with its first value has none before it grows.
    await prometheus.until('sum(llm_requests_total)', 1);
    await sendOfEverything(gateway);
    const sent = /^llm_requests_total.* (\d+)$/gm;
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    const requests = [...text.matchAll(sent)].reduce((sum, [, value]) => sum + Number(value), 0);
    await prometheus.until('sum(llm_requests_total)', requests);
  });
  after(async () => {
    await prometheus.close();
    await gateway.close();
  });

  it('evaluates every rule', async () => {
    await prometheus.until('count(causeway:latency_seconds:p95_5m)', 1);
    const { groups } = (await prometheus.api('/rules')) as {
      groups: { rules: { name: string; health: string; lastError?: string }[] }[];
    };
    const found = groups.flatMap((group) => group.rules);
    assert.equal(found.length, rules.length);
    for (const { name, health, lastError } of found) assert.notEqual(health, 'err', `${name}: ${lastError}`);
    for (const { expr } of rules) await prometheus.query(expr);
  });

  for (const { title, expr } of queries) {
    it(`answers the dashboard: ${title}: ${expr.slice(0, 60)}`, async () => {
      const found = await prometheus.query(filledIn(expr));
      const numbers = found.filter(({ value: [, value] }) => value !== 'NaN');
      assert.equal(numbers.length === 0, EMPTY[title] !== undefined, `${filledIn(expr)}: ${JSON.stringify(found)}`);
    });
  }

  it('says of objectives what the gateway says itself', async () => {
    const { json } = await gateway.admin('/objectives');
    const views = json['data'] as unknown as ObjectiveView[];
    assert.deepEqual(
      views.map(({ model, objective }) => `${model} ${objective}`),
      ['chat availability', 'chat latency', 'chat ttft', 'chat cost'],
    );
    for (const { objective, good, actual } of views) {
      assert.ok(actual !== null && actual > 0, objective);
      if (objective === 'cost') continue;
      const [counted] = await prometheus.query(
        `causeway_objective_events_total{objective="${objective}", result="good"}`,
      );
      assert.equal(Number(counted?.value[1]), good, objective);
    }
  });

  it('has what the variables of the dashboard offer', async () => {
    const asked = dashboard.templating.list.flatMap(({ query }) => (typeof query === 'string' ? [] : [query.query]));
    assert.equal(asked.length, 3);
    for (const query of asked) {
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      const path = `/label/${label}/values?match[]=${encodeURIComponent(filledIn(selector))}`;
      const values = (await prometheus.api(path)) as string[];
      assert.ok(values.length > 0, query);
    }
  });
});
