import type { AttemptKind, AttemptOutcome } from '../../core/attempts.ts';
import type { NumberSeries, Registry, SeriesFamily } from './registry.ts';

export type OutcomeSeries = Readonly<Record<AttemptOutcome, NumberSeries>>;

/** What makes the series of one target. */
export function targetSeries(registry: Registry): (target: string) => OutcomeSeries {
  const attempts = registry.counter({
    name: 'llm_upstream_attempts_total',
    help: 'Calls to providers, retries and fallbacks each for itself.',
    labels: ['target', 'outcome'],
  });
  return (target) => outcomesOf(attempts, target);
}

/** The series of every kind of attempt. */
export function kindSeries(registry: Registry): Readonly<Record<AttemptKind, OutcomeSeries>> {
  const attempts = registry.counter({
    name: 'llm_attempts_total',
    help: 'The same calls, by why each was made.',
    labels: ['kind', 'outcome'],
  });
  return {
    first: outcomesOf(attempts, 'first'),
    retry: outcomesOf(attempts, 'retry'),
    fallback: outcomesOf(attempts, 'fallback'),
    hedge: outcomesOf(attempts, 'hedge'),
    continuation: outcomesOf(attempts, 'continuation'),
    escalation: outcomesOf(attempts, 'escalation'),
  };
}

function outcomesOf(attempts: SeriesFamily<NumberSeries>, label: string): OutcomeSeries {
  return {
    completed: attempts.with(label, 'completed'),
    failed: attempts.with(label, 'failed'),
    aborted: attempts.with(label, 'aborted'),
  };
}
