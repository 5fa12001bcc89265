import { variantOf } from '../app-catalog.ts';
import { definitionReader } from '../app-rollouts.ts';
import type { Config } from '../config/config.ts';
import type { Stage } from '../core/stage.ts';
import { type ModelCatalog, assignmentOf } from '../models/catalog.ts';
import { shareOf } from '../pipeline/rollouts/canary/canary.ts';
import { Rollouts } from '../pipeline/rollouts/assign/rollouts.ts';
import type { Rollout, RolloutKind } from '../pipeline/rollouts/definition.ts';
import { RolloutDirectory } from '../pipeline/rollouts/directory/rollout-directory.ts';
import type { RolloutRow } from '../pipeline/rollouts/rollout-store.ts';

/** What a model means under a proposed configuration, with what is tried of it. */
export interface ReplayedRollouts {
  readonly stage: Stage;
  /** What of it is tried, and what cannot be, in words. */
  notes(): string[];
}

interface RolloutParts {
  readonly config: Config;
  readonly catalog: ModelCatalog;
  /** Those of the admin API, and how all of them stand, now. */
  readonly stored: readonly RolloutRow[];
  /** Epoch milliseconds, of the records. */
  readonly now: () => number;
}

/** Flags, experiments, canaries and routes of the file and of the database, as they stand now. */
export async function openReplayedRollouts({ config, catalog, stored, now }: RolloutParts): Promise<ReplayedRollouts> {
  const store = { list: () => Promise.resolve([...stored]) };
  const directory = new RolloutDirectory({ store, read: definitionReader({ config }) });
  directory.setFile(config);
  await directory.state.refresh();
  const failed = new Map<string, unknown>();
  const rollouts = new Rollouts({
    directory,
    variant: (model, sets) => assignmentOf(variantOf(model, sets, config)),
    now,
    log: { warn: (facts) => void failed.set(String(Reflect.get(facts, 'model')), Reflect.get(facts, 'err')) },
  });
  return {
    stage: {
      name: 'assign',
      run(call, next) {
        call.assignment = rollouts.assign(call, catalog.assign(call.facts.model));
        return next(call);
      },
    },
    notes: () => [...standing(directory, rollouts), ...[...failed].map(failedText)],
  };
}

/** Shadows are on no request's path. */
const TRIED = ['route', 'flag', 'experiment', 'canary'] as const satisfies readonly RolloutKind[];
const MOST_NAMES = 10;

function standing(directory: RolloutDirectory, rollouts: Rollouts): string[] {
  const all: Rollout[] = TRIED.flatMap((kind) => directory.list(kind));
  const ofAdmin = all.filter(({ origin, definition, problem }) => {
    return origin === 'admin' && definition?.enabled === true && problem === undefined;
  });
  const broken = all.flatMap(({ kind, id, problem }) =>
    problem === undefined ? [] : [`${kind} "${id}" (${problem})`],
  );
  const steps = [...rollouts.trials].flatMap((trial) =>
    trial.kind === 'canary' ? [`"${trial.id}" at ${shareOf(trial.definition, trial.record.canary)} %`] : [],
  );
  return [
    ofAdmin.length > 0 &&
      `What is set through the admin API is in force here as well, as it is now: ${namesOf(ofAdmin.map(({ kind, id }) => `${kind} "${id}"`))}.`,
    broken.length > 0 && `Not in force under this configuration: ${namesOf(broken)}.`,
    steps.length > 0 && `Canaries stay where they are now: ${namesOf(steps)}.`,
  ].filter((note) => note !== false);
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function failedText([model, error]: readonly [string, unknown]): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `What is tried of the model "${model}" cannot be done, and its own settings hold: ${reason}.`;
}
