import { describe, expect, it } from 'vitest';

import { evidenceLine, plainEvidence, tracesOf } from './evidence.ts';

const EVIDENCE = {
  window_ms: 300_000,
  above: 0.1,
  value: 0.233_333_333,
  hard: false,
  reason: '',
  at: null,
  guards: [{}],
};

describe('evidence', () => {
  it('is a line of its plain values', () => {
    expect(evidenceLine(EVIDENCE)).toBe('value 0.2333 · above 0.1 · window ms 300000 · hard false');
  });

  it('may be nothing at all', () => {
    expect(plainEvidence(null)).toEqual([]);
    expect(evidenceLine('a text')).toBe('');
  });

  it('names requests, alone or several', () => {
    expect(tracesOf({ traces: ['a', 7, 'b'], trace: 'c' })).toEqual(['a', 'b', 'c']);
    expect([tracesOf({ traces: 'a' }), tracesOf(undefined)]).toEqual([[], []]);
  });
});
