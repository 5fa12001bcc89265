import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { parseConfig } from '../src/config/load.ts';
import { METRIC } from '../src/records/otel/conventions.ts';
import { planExport } from '../src/records/otel/export-plan.ts';

const PAGE = readFileSync(new URL('../docs/opentelemetry.md', import.meta.url), 'utf8');
const SECRETS = { COLLECTOR_TOKEN: 'a', LANGFUSE_AUTH: 'b', GRAFANA_AUTH: 'c' };

describe('docs/opentelemetry.md', () => {
  it('has examples that are configurations, each with an export', () => {
    const examples = [...PAGE.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
    assert.equal(examples.length, 6);
    for (const text of examples) {
      const { config } = parseConfig(text, { path: 'causeway.yaml', env: SECRETS });
      assert.ok(planExport(config.telemetry, {}).plan?.traces, text);
    }
  });

  it('names every metric', () => {
    for (const { name } of Object.values(METRIC)) assert.ok(PAGE.includes(`\`${name}\``), name);
  });
});
