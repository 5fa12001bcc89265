import type { Rollouts } from './assign/rollouts.ts';
import { shareOf } from './canary/canary.ts';
import { ROLLOUT_KINDS, shareOfFlag } from './definition.ts';
import type { RolloutDirectory } from './directory/rollout-directory.ts';
import type { JudgeDesk } from './judge/judge-desk.ts';
import { canaryStateOf, experimentStateOf } from './run.ts';
import type { ArmTally, TallyBook } from './tallies/tally-book.ts';

interface ReadingDeps {
  readonly directory: Pick<RolloutDirectory, 'list' | 'stateOf'>;
  readonly rollouts: Pick<Rollouts, 'trials'>;
  readonly book: Pick<TallyBook, 'rows'>;
  readonly judges: Pick<JudgeDesk, 'outcomes'>;
}

/** A value, and the values of its labels. */
type Reading = readonly [value: number, ...labels: string[]];

/** What the metrics tell of what is tried. */
export function rolloutReadings({ directory, rollouts, book, judges }: ReadingDeps) {
  return {
    shares: () => [...flagShares(directory), ...trialShares(rollouts)],
    requests: () => ofArms(book, ({ sums }) => sums.errors.n),
    errors: () => ofArms(book, ({ sums }) => sums.errors.sum),
    canaries: () =>
      directory.list('canary').flatMap((one): Reading[] => {
        const record = canaryStateOf(directory.stateOf(one));
        return record ? [[1, one.id, record.canary.status]] : [];
      }),
    verdicts: () =>
      directory.list('experiment').map(({ id, state }): Reading => {
        const last = experimentStateOf(state)?.verdicts.at(-1);
        return [1, id, last?.state ?? 'running'];
      }),
    problems: () =>
      ROLLOUT_KINDS.map((kind): Reading => {
        return [directory.list(kind).filter(({ problem }) => problem !== undefined).length, kind];
      }),
    judged: () => [...judges.outcomes()].map(([outcome, count]): Reading => [count, outcome]),
  };
}

function flagShares(directory: ReadingDeps['directory']): Reading[] {
  return directory.list('flag').flatMap(({ id, definition, problem }): Reading[] => {
    if (!definition || problem !== undefined) return [];
    return [[definition.enabled ? shareOfFlag(definition) : 0, 'flag', id]];
  });
}

function trialShares({ trials }: ReadingDeps['rollouts']): Reading[] {
  return [...trials].map((trial): Reading => {
    if (trial.kind === 'experiment') return [trial.definition.share, 'experiment', trial.id];
    return [shareOf(trial.definition, trial.record.canary) / 100, 'canary', trial.id];
  });
}

/** Of all parts of a run together. */
function ofArms(book: ReadingDeps['book'], of: (tally: ArmTally) => number): Reading[] {
  const sums = new Map<string, { labels: readonly [string, string, string]; value: number }>();
  for (const { kind, id, arm, sums: tally } of book.rows()) {
    const key = `${kind}:${id}/${arm}`;
    const before = sums.get(key)?.value ?? 0;
    sums.set(key, { labels: [kind, id, arm], value: before + of(tally as unknown as ArmTally) });
  }
  return [...sums.values()].map(({ labels, value }): Reading => [value, ...labels]);
}
