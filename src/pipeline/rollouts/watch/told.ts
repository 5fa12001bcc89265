import type { JsonObject } from '../../../core/json.ts';
import type { EventKind, EventSeverity, NewEvent } from '../../../records/events/event.ts';
import type { CanaryTrial, ExperimentTrial } from '../assign/trials.ts';
import { shareOf } from '../canary/canary.ts';
import type { Decision } from '../canary/decide.ts';
import type { Verdict } from '../statistics/verdict.ts';

interface Told {
  readonly subject: string;
  /** Undefined where it is for the log only. */
  readonly event: NewEvent | undefined;
}

type Kind = Extract<EventKind, `canary_${string}` | 'experiment_verdict' | 'sample_ratio_mismatch'>;

const SEVERITIES: Readonly<Record<Kind, EventSeverity>> = {
  canary_rolled_back: 'critical',
  canary_promoted: 'info',
  canary_holding: 'warning',
  experiment_verdict: 'info',
  sample_ratio_mismatch: 'warning',
};

/** What operators are told of a canary that has changed by itself. */
export function canaryEvents(trial: CanaryTrial, { state, event, reason, guards }: Decision): Told {
  const subject = `canary:${trial.id}`;
  const kind = event && kindOf(event.kind, state.hold);
  if (!kind || !event) return { subject, event: undefined };
  const evidence: JsonObject = {
    model: trial.model,
    status: state.status,
    step: state.step,
    share_percent: shareOf(trial.definition, state),
    reason,
    ...(event.metric !== undefined && { metric: event.metric }),
    guards: guards.map(({ metric, tolerance, standing, harm }) => ({
      metric,
      tolerance,
      standing,
      harm: harm ?? null,
    })),
  };
  return { subject, event: { kind, severity: SEVERITIES[kind], subject, evidence } };
}

function kindOf(change: NonNullable<Decision['event']>['kind'], hold: Decision['state']['hold']): Kind | undefined {
  if (change === 'rolled_back') return 'canary_rolled_back';
  if (change === 'step' || change === 'promoted') return 'canary_promoted';
  if (change !== 'hold') return undefined;
  return hold === 'mismatch' ? 'sample_ratio_mismatch' : 'canary_holding';
}

/** The same of an experiment whose verdict is another than before. */
export function experimentEvents(trial: ExperimentTrial, verdict: Verdict): Told {
  const subject = `experiment:${trial.id}`;
  const { state, arm, metric, estimate, interval, text } = verdict;
  if (state === 'running') return { subject, event: undefined };
  const kind = state === 'mismatch' ? 'sample_ratio_mismatch' : 'experiment_verdict';
  const evidence: JsonObject = {
    model: trial.model,
    verdict: state,
    arm: arm ?? null,
    metric: metric ?? null,
    estimate: estimate ?? null,
    interval: interval ? [...interval] : null,
    text,
  };
  return { subject, event: { kind, severity: SEVERITIES[kind], subject, evidence } };
}
