import { describe, expect, it } from 'vitest';

import { byState, limitsOf, stateOf, worstOf } from './rule-state.ts';
import type { Reading, Rule } from './wire.ts';

const reading = (subject: string, state: string, value: number | null): Reading => ({
  subject,
  state,
  value,
  since: '2026-11-22T08:00:00Z',
});

const rule = (name: string, readings: Reading[], type = 'error-rate'): Rule => ({
  name,
  type,
  readings,
  settings: {},
  origin: 'file',
  channels: [],
});

const FIRING = rule('firing', [reading('model:a', 'ok', 0.9), reading('model:b', 'firing', 0.2)]);
const CALM = rule('calm', [reading('model:a', 'ok', 0)]);

describe('the state of a rule', () => {
  it('is that of the worst thing that it sees', () => {
    expect(stateOf(FIRING)).toBe('firing');
    expect(stateOf(CALM)).toBe('ok');
    expect(worstOf(FIRING.readings)?.subject).toBe('model:b');
  });

  it('among those that are as bad, the highest value is the worst, and none is the least', () => {
    const readings = [reading('model:a', 'ok', null), reading('model:b', 'ok', 3), reading('model:c', 'ok', 1)];
    expect(worstOf(readings)?.subject).toBe('model:b');
  });

  it('is not ok where nothing was seen, and nothing at all for rules about events', () => {
    expect(stateOf(rule('quiet', []))).toBe('unseen');
    expect(stateOf(rule('budgets', [], 'budget'))).toBe('events');
  });

  it('puts what fires before what does not', () => {
    const rules = [rule('events', [], 'event'), CALM, rule('quiet', []), FIRING];
    expect(byState(rules).map(({ name }) => name)).toEqual(['firing', 'calm', 'quiet', 'events']);
  });
});

describe('the limits of a rule', () => {
  it('are read of whatever settings it has', () => {
    const settings = { above: 0.1, window: 300_000, for: 0, model: 'chat', quantile: 'p99', kinds: ['alert'] };
    const limits = limitsOf({ settings });
    expect(limits).toMatchObject({ above: 0.1, windowMs: 300_000, forMs: 0, quantile: 'p99', kinds: ['alert'] });
    expect(limits.only).toEqual(['model:chat']);
    expect(limitsOf({ settings: null })).toMatchObject({ above: undefined, kinds: [], only: [] });
  });
});
