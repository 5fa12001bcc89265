import type { Assignment } from '../../../core/call.ts';
import type { RolloutPart } from '../../../core/routing.ts';
import { isOver as isCanaryOver } from '../canary/canary.ts';
import { type Rollout, type RolloutKind, isInForce } from '../definition.ts';
import type { RolloutDirectory } from '../directory/rollout-directory.ts';
import { canaryRecordOf, experimentRecordOf } from '../run.ts';
import type { Drawn } from './unit.ts';
import { type MakeVariant, ModelRollouts } from './model-rollouts.ts';
import { type Trial, type Whole, canaryTrial, experimentTrial, isWhole } from './trials.ts';

export interface RolloutsDeps {
  readonly directory: Pick<RolloutDirectory, 'list' | 'stateOf' | 'watch'>;
  readonly variant: MakeVariant;
  readonly now: () => number;
  readonly log: { warn(facts: object, message: string): void };
}

/** What is tried now, and on whom. */
export class Rollouts {
  readonly #deps: RolloutsDeps;
  #byModel: ReadonlyMap<string, ModelRollouts> = new Map();
  #trials: ReadonlyMap<string, Trial> = new Map();

  constructor(deps: RolloutsDeps) {
    this.#deps = deps;
    deps.directory.watch(() => this.#renew());
  }

  /**
   * What a call gets. Depends on nothing but what is tried and the ids that the call has.
   * @param assignment what its model means where nothing is tried
   */
  assign(call: Drawn, assignment: Assignment): Assignment {
    const { virtualModel } = assignment;
    if (virtualModel === undefined || this.#byModel.size === 0) return assignment;
    return this.#byModel.get(virtualModel)?.assign(call, assignment) ?? assignment;
  }

  /** The experiments and canaries in force. */
  get trials(): Iterable<Trial> {
    return this.#trials.values();
  }

  /** The trial that a call took part in; undefined where it is over, or another run by now. */
  trialOf({ kind, id, run }: RolloutPart): Trial | undefined {
    const trial = this.#trials.get(`${kind}:${id}`);
    return trial?.run === run && !isOver(trial) ? trial : undefined;
  }

  #renew(): void {
    const { directory, now } = this.#deps;
    const nowMs = now();
    const trials = new Map<string, Trial>();
    for (const one of inForce(directory.list('experiment'))) {
      trials.set(`experiment:${one.id}`, experimentTrial(one, experimentRecordOf(one, directory.stateOf(one), nowMs)));
    }
    for (const one of inForce(directory.list('canary'))) {
      const record = canaryRecordOf(one, directory.stateOf(one), nowMs);
      if (record.canary.status !== 'rolled_back') trials.set(`canary:${one.id}`, canaryTrial(one, record));
    }
    this.#trials = trials;
    this.#byModel = this.#models([...trials.values()]);
  }

  #models(trials: readonly Trial[]): ReadonlyMap<string, ModelRollouts> {
    const { directory, variant, log } = this.#deps;
    const routes = inForce(directory.list('route'));
    const flags = inForce(directory.list('flag'));
    const models = new Set([...routes, ...flags].map(({ definition }) => definition.model));
    for (const { model } of trials) models.add(model);
    const failed = (model: string, err: unknown): void =>
      log.warn({ err, model }, 'what is tried of a model cannot be done; its own settings hold');
    return new Map(
      [...models].map((model) => {
        const of = { model, route: routes.find((one) => one.definition.model === model)?.definition };
        const own = flags.filter(({ definition }) => definition.model === model);
        const trial = trials.find((one) => one.model === model);
        return [model, new ModelRollouts({ ...of, flags: own, trial }, variant, failed)];
      }),
    );
  }
}

function isOver(trial: Trial): boolean {
  return trial.kind === 'canary' && isCanaryOver(trial.record.canary);
}

function inForce<Kind extends RolloutKind>(all: readonly Rollout<Kind>[]): Whole<Kind>[] {
  return all.filter(isWhole).filter(isInForce);
}
