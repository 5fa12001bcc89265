import { isDeepStrictEqual } from 'node:util';

import type { Clock } from '../../core/clock.ts';
import type { CallRecord } from '../journal/record.ts';
import type { ObjectiveCounters, ObjectiveMetrics } from '../metrics/objective-metrics.ts';
import { LONGEST_BURN_MS } from './burn-rules.ts';
import { type Objective, amountsOf, objectivesOf } from './objective.ts';
import type { ObjectiveSettings } from './settings.ts';
import { SlidingSums } from './sliding-sums.ts';

/** Virtual models by name, as far as objectives look at them. */
export type ModelsWithObjectives = ReadonlyMap<string, { readonly objectives?: ObjectiveSettings | undefined }>;

export interface TrackerDeps {
  /** The models in force. */
  readonly models: () => ModelsWithObjectives;
  readonly clock: Clock;
  readonly metrics: ObjectiveMetrics;
}

/** An objective, and what this process knows of it. */
export interface Tracked {
  readonly objective: Objective;
  readonly sums: SlidingSums;
  readonly counters: ObjectiveCounters;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/** What is asked for, for the metrics. */
export function* objectiveTargets(
  models: ModelsWithObjectives,
): Iterable<[target: number, model: string, name: string]> {
  for (const [model, { objectives }] of models) {
    for (const { name, target } of objectivesOf(model, objectives)) yield [target, model, name];
  }
}

/** Counts what requests say about the objectives of their models, in this process and from its start. */
export class ObjectiveTracker {
  readonly #deps: TrackerDeps;
  #models: ModelsWithObjectives | undefined;
  #byModel = new Map<string, readonly Tracked[]>();

  constructor(deps: TrackerDeps) {
    this.#deps = deps;
    this.#follow();
  }

  /** Cheap where the model has no objectives. */
  observe(record: CallRecord): void {
    if (record.virtualModel === undefined) return;
    this.#follow();
    const tracked = this.#byModel.get(record.virtualModel);
    if (!tracked) return;
    const now = this.#deps.clock.monotonic();
    for (const { objective, sums, counters } of tracked) {
      const amounts = amountsOf(objective, record);
      if (!amounts) continue;
      sums.add(amounts, now);
      counters.spent.value += amounts[0];
      counters.earned.value += amounts[1];
    }
  }

  /** All objectives in force. */
  get all(): readonly Tracked[] {
    this.#follow();
    return [...this.#byModel.values()].flat();
  }

  /** After a change of the configuration, what is asked for as before goes on. */
  #follow(): void {
    const models = this.#deps.models();
    if (models === this.#models) return;
    this.#models = models;
    const before = this.#byModel;
    this.#byModel = new Map();
    for (const [name, { objectives }] of models) {
      if (!objectives) continue;
      const known = before.get(name) ?? [];
      const tracked = objectivesOf(name, objectives).map(
        (objective) => known.find((one) => isDeepStrictEqual(one.objective, objective)) ?? this.#begin(objective),
      );
      this.#byModel.set(name, tracked);
    }
  }

  #begin(objective: Objective): Tracked {
    return {
      objective,
      sums: new SlidingSums(Math.max(objective.windowMs, LONGEST_BURN_MS)),
      counters: this.#deps.metrics.of(objective.model, objective.name),
      since: this.#deps.clock.monotonic(),
    };
  }
}
