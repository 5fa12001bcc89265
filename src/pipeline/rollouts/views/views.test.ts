import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { JudgeOutcome } from '../judge/judge-desk.ts';
import { judgeView } from './judge-view.ts';

describe('a judge, as it is shown,', () => {
  const judge = { target: { provider: 'sim', model: 'echo' }, sample: 0.1 };
  const shown = (counts: Partial<Record<JudgeOutcome, number>>) =>
    judgeView(judge, new Map(Object.entries(counts) as [JudgeOutcome, number][]));

  test('that never gives a score is known by it, and why', () => {
    assert.deepEqual(shown({ no_text: 4, unclear: 21 }), {
      target: 'sim/echo',
      sample: 0.1,
      rubric: null,
      outcomes: { no_text: 4, unclear: 21 },
      problem:
        'none of the 25 answers that it was to see has a score: 21 unclear (the judge gave no clear number, or did not answer), 4 no_text (more than text, or none)',
    });
  });

  test('has no problem where it saw little, or gave one score', () => {
    assert.equal(shown({ unclear: 19 })?.problem, null);
    assert.equal(shown({ unclear: 19, scored: 1 })?.problem, null);
    assert.equal(judgeView(undefined, new Map()), null);
  });
});
