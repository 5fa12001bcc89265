import assert from 'node:assert/strict';
import { it } from 'node:test';

import { makeRecord } from '../../../test/support/make-record.ts';
import type { RoutingDecision } from '../../core/routing.ts';
import { Registry } from './registry.ts';
import { RoutingMetrics } from './routing-metrics.ts';

it('counts what was chosen for a model, within a bound, and what became of cascades', () => {
  const registry = new Registry();
  let overflows = 0;
  const metrics = new RoutingMetrics(registry, () => (overflows += 1));
  const chosen = (target: string, more: Partial<RoutingDecision> = {}): void => {
    metrics.observe(makeRecord({ virtualModel: 'chat', routing: { policy: 'cost', target, reason: '', ...more } }));
  };
  const cascade = { first: 'a/m', check: 'validator', confidence: 1 } as const;
  chosen('a/m');
  chosen('a/m', { tier: 'simple', cascade: { ...cascade, escalatedTo: undefined } });
  chosen('a/m', { tier: 'simple', cascade: { ...cascade, escalatedTo: 'b/m' } });
  metrics.observe(makeRecord({ virtualModel: 'chat' }));
  for (let target = 0; target < 600; target += 1) chosen(`t/${target}`);
  const text = registry.expose();
  for (const line of [
    'causeway_routing_requests_total{model="chat",policy="cost",target="a/m",tier=""} 1',
    'causeway_routing_requests_total{model="chat",policy="cost",target="a/m",tier="simple"} 2',
    'causeway_routing_requests_total{model="chat",policy="other",target="other",tier="other"} 102',
    'causeway_cascade_requests_total{model="chat",outcome="kept"} 1',
    'causeway_cascade_requests_total{model="chat",outcome="escalated"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), line);
  }
  assert.equal(overflows, 102);
});
