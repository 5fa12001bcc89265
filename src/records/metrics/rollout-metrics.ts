import type { Reading, Registry } from './registry.ts';

/** What there is to tell of flags, experiments and canaries; each is read when somebody asks. */
export interface RolloutReadings {
  /** Kind, id: which part of the users, 0 to 1; of a canary its candidate's. */
  readonly shares: () => Iterable<Reading>;
  /** Kind, id, arm: requests that this process counted in it since the run began, or the process. */
  readonly requests: () => Iterable<Reading>;
  /** The same of those that failed. */
  readonly errors: () => Iterable<Reading>;
  /** Id, status: 1 for the status that it has. */
  readonly canaries: () => Iterable<Reading>;
  /** Id, state: 1 for the verdict that was written last. */
  readonly verdicts: () => Iterable<Reading>;
  /** Kind: how many are enabled and cannot be in force. */
  readonly problems: () => Iterable<Reading>;
  /** Outcome: answers that a judge was to see. */
  readonly judged: () => Iterable<Reading>;
}

/** They are as many as operators have made: at most a thousand of each kind. */
export function registerRolloutMetrics(registry: Registry, readings: RolloutReadings): void {
  const told = (
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    labels: string[],
    read: () => Iterable<Reading>,
  ) => registry.read(type, { name, help, labels }, read);
  told(
    'gauge',
    'causeway_rollout_share',
    "Which part of its users a flag or an experiment is for, or a canary's candidate gets (1 = all).",
    ['kind', 'id'],
    readings.shares,
  );
  told(
    'counter',
    'causeway_rollout_requests_total',
    'Requests that were counted in an arm of an experiment or a canary; begins anew with each run.',
    ['kind', 'id', 'arm'],
    readings.requests,
  );
  told(
    'counter',
    'causeway_rollout_errors_total',
    'Those of them that failed by no fault of their client.',
    ['kind', 'id', 'arm'],
    readings.errors,
  );
  told(
    'gauge',
    'causeway_canary_status',
    '1 for the status that a canary has: running, holding, paused, promoted, rolled_back.',
    ['id', 'status'],
    readings.canaries,
  );
  told(
    'gauge',
    'causeway_experiment_verdict',
    '1 for what an experiment shows: running, better, worse, same, mismatch.',
    ['id', 'verdict'],
    readings.verdicts,
  );
  told(
    'gauge',
    'causeway_rollouts_not_in_force',
    'Flags, experiments, canaries, shadows and routes that are enabled and cannot be in force; the admin API says why.',
    ['kind'],
    readings.problems,
  );
  told(
    'counter',
    'causeway_rollout_judged_total',
    'Answers that a judge was to see: scored, unclear, no_text, too_long, too_many, confined.',
    ['outcome'],
    readings.judged,
  );
}
