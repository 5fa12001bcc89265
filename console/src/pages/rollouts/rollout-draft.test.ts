import { describe, expect, test } from 'vitest';

import { DraftError, NEW, bodyOf, draftOf, fieldAt } from './rollout-draft.ts';

describe('a definition', () => {
  test('of a canary is what was typed, without what is left to its default', () => {
    const draft = {
      ...NEW,
      id: 'new',
      model: 'chat',
      target: 'lab/large',
      steps: '5, 50',
      eachRequests: '10',
      eachTime: '1m',
    };
    expect(bodyOf('canaries', draft)).toEqual({
      model: 'chat',
      by: 'user',
      set: { target: 'lab/large' },
      steps: [5, 50],
      each: { requests: 10, time: '1m' },
    });
  });

  test('keeps what is no number as it is typed, so that the gateway can say what is wrong', () => {
    expect(bodyOf('canaries', { ...NEW, steps: '5, x' })['steps']).toEqual([5, 'x']);
  });

  test('of a shadow and a flag has shares as parts, and names as lists', () => {
    expect(bodyOf('shadows', { ...NEW, model: 'chat', target: 'a/b', share: '7' })).toMatchObject({
      share: 0.07,
      usd: 5,
    });
    expect(bodyOf('flags', { ...NEW, model: 'chat', users: 'ada, grace', enabled: false })).toEqual({
      model: 'chat',
      enabled: false,
      by: 'user',
      set: {},
      users: ['ada', 'grace'],
    });
  });

  test('that is no JSON is refused at its field', () => {
    expect(() => bodyOf('experiments', { ...NEW, arms: '{' })).toThrow(DraftError);
    try {
      bodyOf('canaries', { ...NEW, guards: '[' });
    } catch (thrown) {
      expect((thrown as DraftError).field).toBe('guards');
    }
  });

  test('goes to a form and comes back as it was', () => {
    const canary = {
      model: 'chat',
      by: 'request',
      set: { target: 'lab/large', parameters: { temperature: 0 } },
      steps: [10, 100],
      each: { requests: 20, time: '30s' },
      guards: [{ metric: 'errors', tolerance: 0.02 }],
      confidence: 0.9,
      judge: { target: 'a/b', sample: 0.07, rubric: 'short' },
    };
    expect(bodyOf('canaries', draftOf('new', canary))).toEqual(canary);
    const experiment = { model: 'chat', by: 'user', share: 0.35, arms: { a: {}, b: { weight: 2 } }, goal: 'cost' };
    expect(bodyOf('experiments', draftOf('e', experiment))).toEqual(experiment);
  });

  test('that is refused says at which field', () => {
    expect(fieldAt('steps[1]')).toBe('steps');
    expect(fieldAt('set.parameters.temperature')).toBe('set');
    expect(fieldAt('set.target')).toBe('target');
    expect(fieldAt('each.time')).toBe('eachTime');
    expect(fieldAt('judge.target')).toBe('judgeTarget');
    expect(fieldAt('something')).toBeUndefined();
    expect(fieldAt(undefined)).toBeUndefined();
  });
});
