import { type Static, Type } from 'typebox';

import type { Json } from '../../../core/json.ts';
import { type CanaryTrial, type ExperimentTrial, canaryTrial, experimentTrial, isWhole } from '../assign/trials.ts';
import { shareOf } from '../canary/canary.ts';
import { decide } from '../canary/decide.ts';
import { harmIntervals } from '../canary/guards.ts';
import { type Rollout, isInForce } from '../definition.ts';
import type { JudgeOutcomes } from '../judge/judge-desk.ts';
import { canaryRecordOf, experimentRecordOf } from '../run.ts';
import type { Verdict } from '../statistics/verdict.ts';
import { type ReplicaRow, canaryCountsOf, runSumsOf, totalsOf } from '../tallies/run-sums.ts';
import { verdictOfTrial } from '../trial-verdict.ts';
import { ArmView, armView, rounded } from './arm-view.ts';
import { JudgeView, judgeView } from './judge-view.ts';
import { ByView, commonView, momentView, withCommon } from './rollout-view.ts';

const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const Interval = Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()], {
  description: 'From the lower to the upper end, valid whenever one looks; null where too little is known',
});

const FINDING = {
  arm: textOrNull('The arm that it is about'),
  metric: textOrNull('cost, latency, ttft, errors, feedback, judge'),
  estimate: orNull(
    "The arm's less the control's: of errors, feedback and judge in points (0.01 is one), else as a part",
  ),
  interval: Interval,
};
const Shown = Type.Object(FINDING);
const VerdictView = Type.Object({
  state: Type.String({ description: 'running, better, worse, same; mismatch: the arms did not get what was planned' }),
  ...FINDING,
  text: Type.String({ description: 'For people' }),
});
const FindingView = Type.Object({
  ...FINDING,
  relation: Type.String({ description: 'better, worse, same; open: not known yet; unknown: too few values' }),
});
const RunText = Type.String({ description: 'Changes with what is compared; the figures are of this run alone' });

export const ExperimentView = withCommon({
  by: ByView,
  share: Type.Number({ description: 'The part of them that takes part' }),
  goal: Type.String(),
  margin: Type.Number(),
  confidence: Type.Number(),
  judge: JudgeView,
  run: RunText,
  since: Type.String({ description: 'RFC 3339: when the run began' }),
  arms: Type.Array(ArmView, { description: 'The first is the control' }),
  verdict: VerdictView,
  findings: Type.Array(FindingView),
  history: Type.Array(
    Type.Object({ at: Type.String(), state: Type.String(), arm: textOrNull(''), text: Type.String() }),
    {
      description: 'Verdicts that were another than the one before, the latest last',
    },
  ),
});
export type ExperimentView = Static<typeof ExperimentView>;

export const CanaryView = withCommon({
  by: ByView,
  status: Type.String({ description: 'running, holding, paused, promoted, rolled_back' }),
  hold: textOrNull('Why it holds: undecided or mismatch'),
  step: Type.Integer({ description: 'Place in `steps`, from 0' }),
  steps: Type.Array(Type.Number(), { description: 'Percent' }),
  share_percent: Type.Number({ description: 'What the candidate gets now' }),
  step_since: Type.String({ description: 'RFC 3339' }),
  reason: Type.String({ description: 'Why it is as it is, for people' }),
  advice: textOrNull('What is to be done now'),
  judge: JudgeView,
  confidence: Type.Number(),
  run: RunText,
  arms: Type.Array(ArmView),
  guards: Type.Array(
    Type.Object({
      metric: Type.String(),
      tolerance: Type.Number(),
      standing: Type.String({ description: 'violated, suspicious, cleared, open' }),
      harm: orNull('How much worse the candidate is, on the scale of the tolerance; below 0 where it is better'),
      interval: Interval,
    }),
  ),
  history: Type.Array(
    Type.Object({
      at: Type.String(),
      kind: Type.String({ description: 'step, promoted, rolled_back, hold, paused, resumed, restarted' }),
      share_percent: Type.Number({ description: 'Of the candidate from then on' }),
      metric: textOrNull('Of the guard that decided'),
      reason: Type.String(),
      by: Type.String({ description: 'itself or person' }),
    }),
    { description: 'The latest last' },
  ),
});
export type CanaryView = Static<typeof CanaryView>;

/** An experiment with a definition that can be read, as it stands. */
export function experimentTrialOf(rollout: Rollout<'experiment'>, state: Json | null, nowMs: number) {
  return isWhole(rollout) ? experimentTrial(rollout, experimentRecordOf(rollout, state, nowMs)) : undefined;
}

export function canaryTrialOf(rollout: Rollout<'canary'>, state: Json | null, nowMs: number) {
  return isWhole(rollout) ? canaryTrial(rollout, canaryRecordOf(rollout, state, nowMs)) : undefined;
}

/** What is known of trials beside their definitions and records. */
export interface Seen {
  /** What all replicas saw of their runs. */
  readonly rows: readonly ReplicaRow[];
  /** What became here of what the judge of a run was to see. */
  readonly judged: (run: Pick<ExperimentTrial | CanaryTrial, 'kind' | 'id' | 'run'>) => JudgeOutcomes;
}

export function experimentView(trial: ExperimentTrial, { rows, judged }: Seen): ExperimentView {
  const { rollout, definition, record, arms, weights, by, run } = trial;
  const sums = runSumsOf(trial, rows);
  const verdict = verdictOfTrial(trial, sums);
  const { share, goal, margin, confidence, judge } = definition;
  return {
    ...commonView(rollout),
    by,
    share,
    goal,
    margin,
    confidence,
    judge: judgeView(judge, judged(trial)),
    run,
    since: momentView(record.sinceMs),
    arms: arms.map(({ part }, at) => armView(part.arm, weights[at] ?? 0, totalsOf(sums, part.arm))),
    verdict: { state: verdict.state, ...shownFinding(verdict), text: verdict.text },
    findings: verdict.findings.map((finding) => ({ ...shownFinding(finding), relation: finding.relation })),
    history: record.verdicts.map(({ atMs, state, arm, text }) => {
      return { at: momentView(atMs), state, arm: arm ?? null, text };
    }),
  };
}

type Found = Pick<Verdict, 'arm' | 'metric' | 'estimate' | 'interval'>;

function shownFinding({ arm, metric, estimate, interval }: Found): Static<typeof Shown> {
  return {
    arm: arm ?? null,
    metric: metric ?? null,
    estimate: estimate === undefined ? null : rounded(estimate),
    interval: interval ? interval.map(rounded) : null,
  };
}

export function canaryView(trial: CanaryTrial, { rows, judged }: Seen, nowMs: number): CanaryView {
  const { rollout, definition, record, arms, weights, by, run } = trial;
  const { canary } = record;
  const sums = runSumsOf(trial, rows);
  const steps = canaryCountsOf(trial, sums);
  const { guards, reason } = decide(definition, canary, { steps, nowMs });
  const strata = steps.map(({ candidate, stable }) => ({ candidate, control: stable }));
  const intervals = harmIntervals(definition.guards, strata, definition.alpha);
  return {
    ...commonView(rollout),
    in_force: isInForce(rollout) && canary.status !== 'rolled_back',
    by,
    status: canary.status,
    hold: canary.hold ?? null,
    step: canary.step,
    steps: [...definition.steps],
    share_percent: shareOf(definition, canary),
    step_since: momentView(canary.stepSinceMs),
    reason: canary.status === 'rolled_back' ? (canary.history.at(-1)?.reason ?? reason) : reason,
    advice: ADVICE[canary.status] ?? null,
    judge: judgeView(trial.judge, judged(trial)),
    confidence: rollout.definition?.confidence ?? 0,
    run,
    arms: arms.map(({ part }, at) => armView(part.arm, weights[at] ?? 0, totalsOf(sums, part.arm))),
    guards: guards.map(({ metric, tolerance, standing, harm }, at) => ({
      metric,
      tolerance,
      standing,
      harm: harm === undefined ? null : rounded(harm),
      interval: intervals[at]?.map(rounded) ?? null,
    })),
    history: canary.history.map(({ atMs, kind, share, metric, reason: why, by: who }) => {
      return { at: momentView(atMs), kind, share_percent: share, metric: metric ?? null, reason: why, by: who };
    }),
  };
}

const ADVICE: Readonly<Partial<Record<string, string>>> = {
  promoted: "Make the change in the model's own settings now, then remove the canary.",
  rolled_back: 'Change what it sets and it begins anew by itself; or restart or remove it.',
  holding: 'Somebody has to decide: wait, resume, advance, promote or roll back.',
};
