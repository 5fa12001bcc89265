import type { CanaryCounts } from '../canary/canary.ts';
import type { CanaryTrial, ExperimentTrial, Trial } from '../assign/trials.ts';
import { type ArmSums, addSums, emptySums } from '../statistics/moments.ts';
import type { ExperimentPeriod } from '../statistics/verdict.ts';
import type { ArmTally } from './tally-book.ts';
import type { TallyRow } from './tally-store.ts';

export type ReplicaRow = TallyRow & { readonly replica: string };

/** What was seen, as it was written. */
export function tallyOf({ sums }: Pick<TallyRow, 'sums'>): ArmTally {
  return sums as unknown as ArmTally;
}

/** What all replicas saw of one arm in a part of a run. */
interface ArmTotal {
  readonly sums: ArmSums;
  readonly drawn: number;
  readonly weight: number | undefined;
}

/** By step, then by arm. */
type RunSums = ReadonlyMap<number, ReadonlyMap<string, ArmTotal>>;

/** What all replicas saw of a trial. */
export function runSumsOf({ kind, id, run, by }: Trial, rows: readonly ReplicaRow[]): RunSums {
  const own = rows.filter((row) => row.kind === kind && row.id === id && row.run === run);
  const draws = by === 'request' ? undefined : mostDrawn(own);
  const steps = new Map<number, Map<string, ArmTotal>>();
  for (const row of own) {
    const { step, arm, replica } = row;
    const { sums, drawn: ownDrawn, drawnByAll, weight } = tallyOf(row);
    const drawn = by === 'request' ? (drawnByAll ?? ownDrawn) : ownDrawn;
    let arms = steps.get(step);
    if (!arms) steps.set(step, (arms = new Map()));
    const before = arms.get(arm);
    const isCounted = draws === undefined || replica === draws;
    arms.set(arm, {
      sums: before ? addSums(before.sums, sums) : sums,
      drawn: (before?.drawn ?? 0) + (isCounted ? drawn : 0),
      weight: before?.weight ?? weight,
    });
  }
  return steps;
}

/**
 * The replica that saw most users. One user may be new to several, and the draws of one replica alone are each another's:
 * its counts show a wrong ratio as well as all would, and never one that is not.
 */
function mostDrawn(rows: readonly ReplicaRow[]): string | undefined {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.replica, (counts.get(row.replica) ?? 0) + tallyOf(row).drawn);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}

/** For each step that there was, in order. */
export function canaryCountsOf({ step }: Pick<CanaryTrial, 'step'>, sums: RunSums): CanaryCounts[] {
  return Array.from({ length: step + 1 }, (_, at) => {
    const arms = sums.get(at);
    const [candidate, stable] = [arms?.get('candidate'), arms?.get('stable')];
    return {
      candidate: candidate?.sums ?? emptySums(),
      stable: stable?.sums ?? emptySums(),
      drawn: { candidate: candidate?.drawn ?? 0, stable: stable?.drawn ?? 0 },
    };
  });
}

/** One for each set of weights that there was. */
export function experimentPeriodsOf({ arms, step, weights }: ExperimentTrial, sums: RunSums): ExperimentPeriod[] {
  return [...sums].map(([at, totals]) => {
    const own = arms.map(({ part }) => totals.get(part.arm));
    const planned = at === step ? weights : own.map((total) => total?.weight ?? 0);
    const isPlanKnown = planned.every((weight) => weight > 0);
    return {
      weights: planned,
      sums: own.map((total) => total?.sums ?? emptySums()),
      // Feedback alone may have come of a part whose weights nobody knows any more.
      drawn: isPlanKnown ? own.map((total) => total?.drawn ?? 0) : undefined,
    };
  });
}

/** Of all parts of the run together, for people. */
export function totalsOf(sums: RunSums, arm: string): { readonly sums: ArmSums; readonly drawn: number } {
  const all = [...sums.values()].flatMap((arms) => arms.get(arm) ?? []);
  return {
    sums: all.reduce((total, one) => addSums(total, one.sums), emptySums()),
    drawn: all.reduce((total, one) => total + one.drawn, 0),
  };
}
