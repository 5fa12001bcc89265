import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { EvaluationView } from '../work/advise/advice-view.ts';
import { policiesText } from './advise-table.ts';

/** @param saved part of the cost */
function policy(name: string, saved: number, usual = false): EvaluationView {
  const saving = { value: saved, low: saved, high: saved };
  const known = { requests: 100, cost_usd: 1, moved: 0.5, quality: null, quality_labels: 0, assumed: false, usual };
  return { policy: name, kind: 'rules', saving, ...known, error_share: 0.01, median_latency_ms: 512.4 };
}

test('a dozen rows are shown, the chosen and the usual ones among them, and all where that is asked for', () => {
  const policies = Array.from({ length: 30 }, (_, at) => policy(`policy ${at}`, 0.9 - at / 100, at === 25));
  const chosen = policies[28] ?? null;
  const lines = policiesText(policies, { chosen, cost: 2, all: false }).split('\n');
  assert.equal(lines.length, 1 + 12 + 1);
  const names = lines.slice(1, 13).map((line) => line.slice(0, 9).trim());
  assert.deepEqual(names.slice(-3), ['policy 9', 'policy 25', 'policy 28']);
  assert.match(lines[1] ?? '', /^policy 0 +\$0\.2000 .* 1\.0 % +512 ms$/);
  assert.equal(lines[13], '18 more with --all, or with --json.');
  assert.equal(policiesText(policies, { chosen, cost: 2, all: true }).split('\n').length, 31);
});

test('policies with the same figures share a row, that of the chosen one', () => {
  const policies = [policy('first', 0.5), policy('second', 0.5, true), policy('third', 0.5), policy('other', 0.4)];
  const told = (chosen: EvaluationView | null) => policiesText(policies, { chosen, cost: 1, all: false }).split('\n');
  assert.equal(told(null).length, 3);
  assert.match(told(null)[1] ?? '', /^second \(and 2 alike\)/);
  assert.match(told(policies[2] ?? null)[1] ?? '', /^third \(and 2 alike\)/);
});
