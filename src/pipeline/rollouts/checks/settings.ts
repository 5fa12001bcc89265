import type { ArmMetric, JudgeSettings } from '../settings.ts';

/** Something that no single field of a flag, an experiment or a canary can know. */
interface RolloutProblem {
  /** The field at fault: `steps`, `arms`. */
  readonly key: string;
  readonly message: string;
}

interface Experiment {
  readonly arms: ReadonlyMap<string, { readonly weight: number }>;
  readonly goal: ArmMetric;
  readonly judge?: JudgeSettings;
}

/** @returns what is wrong with an experiment whose fields are each right */
export function experimentProblems({ arms, goal, judge }: Experiment): RolloutProblem[] {
  const problems: RolloutProblem[] = [];
  if (arms.size < 2) problems.push({ key: 'arms', message: 'fewer than two; there is nothing to compare' });
  for (const [name, { weight }] of arms) {
    if (weight === 0)
      problems.push({ key: `arms.${name}.weight`, message: '0, so that nobody gets it; remove the arm' });
  }
  for (const name of arms.keys()) {
    if (!/^[\w.-]{1,64}$/.test(name)) problems.push({ key: 'arms', message: `${JSON.stringify(name)} is no name` });
  }
  if (goal === 'judge' && !judge) problems.push({ key: 'judge', message: 'missing; the goal is what it says' });
  return problems;
}

interface Canary {
  readonly steps?: readonly number[];
  readonly guards?: readonly { readonly metric: ArmMetric }[];
  readonly judge?: JudgeSettings;
}

/** @returns what is wrong with a canary whose fields are each right */
export function canaryProblems({ steps = [], guards = [], judge }: Canary): RolloutProblem[] {
  const problems: RolloutProblem[] = [];
  if (steps.some((step, at) => step <= (steps[at - 1] ?? 0))) {
    problems.push({ key: 'steps', message: 'they do not rise; write e.g. [1, 5, 25, 50, 100]' });
  }
  if ((steps[0] ?? 0) >= 100) {
    problems.push({
      key: 'steps',
      message: 'the first is 100, so that there is nobody to compare with; begin with less',
    });
  }
  const metrics = guards.map(({ metric }) => metric);
  const twice = metrics.find((metric, at) => metrics.indexOf(metric) !== at);
  if (twice) problems.push({ key: 'guards', message: `${twice} stands there twice; keep one of the two` });
  if (metrics.includes('judge') && !judge) problems.push({ key: 'judge', message: 'missing; a guard is what it says' });
  return problems;
}
