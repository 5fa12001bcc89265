import { type Static, Type } from 'typebox';

import { targetName } from '../../../core/call.ts';
import type { JudgeDefinition } from '../definition.ts';
import type { JudgeOutcome, JudgeOutcomes } from '../judge/judge-desk.ts';

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const MEANINGS: Readonly<Record<JudgeOutcome, string>> = {
  scored: 'a number was given',
  unclear: 'the judge gave no clear number, or did not answer',
  no_text: 'more than text, or none',
  too_long: 'too long with their requests',
  too_many: 'too many waited already',
  confined: 'they may not go to this judge',
};

export const JudgeView = Type.Union(
  [
    Type.Object({
      target: Type.String(),
      sample: Type.Number(),
      rubric: orNull('What a good answer is'),
      outcomes: Type.Record(Type.String(), Type.Integer(), {
        description: `What became of the answers of this run that it was to see, on the replica that is asked, since its start: ${Object.keys(MEANINGS).join(', ')}`,
      }),
      problem: orNull('That it says nothing, although there were answers enough, and why'),
    }),
    Type.Null(),
  ],
  { description: 'Who judges a part of the answers' },
);

/** So many answers without a score are no chance. */
const ENOUGH = 20;

export function judgeView(judge: JudgeDefinition | undefined, outcomes: JudgeOutcomes): Static<typeof JudgeView> {
  if (!judge) return null;
  return {
    target: targetName(judge.target),
    sample: judge.sample,
    rubric: judge.rubric ?? null,
    outcomes: Object.fromEntries(outcomes),
    problem: problemOf(outcomes) ?? null,
  };
}

function problemOf(outcomes: JudgeOutcomes): string | undefined {
  const all = [...outcomes].toSorted(([, one], [, other]) => other - one);
  const count = all.reduce((sum, [, of]) => sum + of, 0);
  if (count < ENOUGH || outcomes.has('scored')) return undefined;
  const why = all.map(([outcome, of]) => `${of} ${outcome} (${MEANINGS[outcome]})`).join(', ');
  return `none of the ${count} answers that it was to see has a score: ${why}`;
}
