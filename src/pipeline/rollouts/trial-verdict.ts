import type { ExperimentTrial } from './assign/trials.ts';
import { alphaOf } from './run.ts';
import { type Verdict, verdictOf } from './statistics/verdict.ts';
import { type runSumsOf, experimentPeriodsOf } from './tallies/run-sums.ts';

/** What can be said of an experiment by what all replicas saw of it. */
export function verdictOfTrial(trial: ExperimentTrial, sums: ReturnType<typeof runSumsOf>): Verdict {
  const { goal, margin, confidence } = trial.definition;
  const arms = trial.arms.map(({ part }) => part.arm);
  return verdictOf(experimentPeriodsOf(trial, sums), { arms, goal, margin, alpha: alphaOf(confidence) });
}
