import type { Rollouts } from '../assign/rollouts.ts';
import { shareOf } from '../canary/canary.ts';
import { type RolloutKind, isInForce, shareOfFlag } from '../definition.ts';
import type { RolloutDirectory } from '../directory/rollout-directory.ts';

interface Tried {
  readonly directory: Pick<RolloutDirectory, 'list'>;
  readonly rollouts: Pick<Rollouts, 'trials'>;
}

/** Everything that is in force, for people: `canary new (chat, at 5 %)`. */
export function inForceTexts({ directory, rollouts }: Tried): string[] {
  const of = (kind: RolloutKind) => directory.list(kind).filter(isInForce);
  const flags = directory.list('flag').flatMap(({ id, definition, problem }) => {
    if (!definition || !isInForce({ definition, problem })) return [];
    const share = shareOfFlag(definition);
    const whom = share === 0 ? ', for whom it names' : share < 1 ? `, ${percent(share * 100)}` : '';
    return [`flag ${id} (${definition.model}${whom})`];
  });
  const trials = [...rollouts.trials].map((trial) => {
    const share = trial.kind === 'canary' ? `, at ${percent(shareOf(trial.definition, trial.record.canary))}` : '';
    return `${trial.kind} ${trial.id} (${trial.model}${share})`;
  });
  return [
    ...of('route').map(({ id }) => `another route of ${id}`),
    ...flags,
    ...trials,
    ...of('shadow').map(({ id, definition }) => `shadow ${id} (${definition?.model})`),
  ];
}

function percent(value: number): string {
  return `${Number(value.toPrecision(3))} %`;
}
