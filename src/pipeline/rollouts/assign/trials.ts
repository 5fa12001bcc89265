import type { RolloutPart } from '../../../core/routing.ts';
import type { CanaryDefinition } from '../canary/canary.ts';
import { shareOf } from '../canary/canary.ts';
import type { ExperimentDefinition, JudgeDefinition, Rollout, RolloutKind, Variant } from '../definition.ts';
import { type CanaryRecord, type ExperimentRecord, canaryDefinitionOf } from '../run.ts';
import type { RolloutUnit } from '../settings.ts';
import { placeOf, seedOf } from './draw.ts';
import { type Drawn, unitOf } from './unit.ts';

/** One way of an experiment or a canary. */
export interface TrialArm {
  /** From 0. */
  readonly index: number;
  /** Absent: the model as it is. */
  readonly set: Variant | undefined;
  readonly part: RolloutPart;
  /** `kind:id/arm` */
  readonly label: string;
}

interface TrialBase {
  readonly id: string;
  readonly model: string;
  readonly by: RolloutUnit;
  readonly run: string;
  /** The part of the run, in which shares do not change. */
  readonly step: number;
  readonly arms: readonly TrialArm[];
  /** What each arm should get, by the sum of all; in the same order. */
  readonly weights: readonly number[];
  readonly judge: JudgeDefinition | undefined;
  /** Undefined where the call does not take part. */
  armOf(call: Drawn): TrialArm | undefined;
}

export interface ExperimentTrial extends TrialBase {
  readonly kind: 'experiment';
  readonly definition: ExperimentDefinition;
  readonly record: ExperimentRecord;
  readonly rollout: Rollout<'experiment'>;
}

export interface CanaryTrial extends TrialBase {
  readonly kind: 'canary';
  readonly definition: CanaryDefinition;
  readonly record: CanaryRecord;
  readonly rollout: Rollout<'canary'>;
}

/** An experiment or a canary in force. */
export type Trial = ExperimentTrial | CanaryTrial;

/** One whose definition can be read. */
export type Whole<Kind extends RolloutKind> = Rollout<Kind> & {
  readonly definition: NonNullable<Rollout<Kind>['definition']>;
};

export function isWhole<Kind extends RolloutKind>(rollout: Rollout<Kind> | undefined): rollout is Whole<Kind> {
  return rollout?.definition !== undefined;
}

export function experimentTrial(rollout: Whole<'experiment'>, record: ExperimentRecord): ExperimentTrial {
  const { id, definition } = rollout;
  const { model, by, share } = definition;
  const weights = [...definition.arms.values()].map(({ weight }) => weight);
  const step = stepOf(weights);
  const arms = [...definition.arms].map(([name, { set }], index) =>
    armNamed({ kind: 'experiment', id, arm: name, run: record.run, step }, index, set),
  );
  const takesPart = seedOf(`experiment:${id}`);
  const draws = seedOf(`experiment:${id}:arm`);
  const bounds = boundsOf(weights);
  return {
    kind: 'experiment',
    id,
    model,
    by,
    run: record.run,
    step,
    arms,
    weights,
    judge: definition.judge,
    definition,
    record,
    rollout,
    // Two draws, so that a larger share takes nobody's arm away.
    armOf(call) {
      const unit = unitOf(call, by);
      if (share < 1 && placeOf(takesPart, unit) >= share) return undefined;
      const place = placeOf(draws, unit);
      return arms[bounds.findIndex((bound) => place < bound)] ?? arms.at(-1);
    },
  };
}

export function canaryTrial(rollout: Whole<'canary'>, record: CanaryRecord): CanaryTrial {
  const { id } = rollout;
  const { model, by, set, judge } = rollout.definition;
  const definition = canaryDefinitionOf(rollout.definition);
  const { step } = record.canary;
  const percent = shareOf(definition, record.canary);
  const [stable, candidate] = (['stable', 'candidate'] as const).map((arm, index) =>
    armNamed({ kind: 'canary', id, arm, run: record.run, step }, index, index === 0 ? undefined : set),
  ) as [TrialArm, TrialArm];
  const seed = seedOf(`canary:${id}`);
  const share = percent / 100;
  return {
    kind: 'canary',
    id,
    model,
    by,
    run: record.run,
    step,
    arms: [stable, candidate],
    weights: [100 - percent, percent],
    judge,
    definition,
    record,
    rollout,
    // Whoever has the candidate stands below the share, and keeps it when that grows.
    armOf: (call) => (placeOf(seed, unitOf(call, by)) < share ? candidate : stable),
  };
}

function armNamed(part: RolloutPart, index: number, set: Variant | undefined): TrialArm {
  return { index, set, part, label: `${part.kind}:${part.id}/${part.arm}` };
}

/** A part of an experiment's run is known by the weights of its arms. */
function stepOf(weights: readonly number[]): number {
  return seedOf(weights.join(' ')) >>> 1;
}

function boundsOf(weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let upTo = 0;
  return weights.map((weight) => (upTo += weight) / all);
}
