import type { Signals } from '../rules/signals.ts';

/** How many numbers {@link featuresOf} gives. */
export const FEATURES = 11;

/** What the rules see of a question, each about 0 to 1, to stand beside the vector of its text. */
export function featuresOf(signals: Signals): readonly number[] {
  return [
    Math.log2(1 + signals.words) / 8,
    Math.log2(1 + signals.numbers) / 3,
    signals.maths / 3,
    Math.min(1, signals.formulas),
    signals.expert / 3,
    Math.min(3, signals.questions) / 3,
    signals.constraints / 3,
    signals.sequence / 3,
    signals.reasoning / 2,
    signals.analysis / 2,
    signals.lookingUp / 2,
  ];
}
