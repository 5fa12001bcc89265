import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Json, JsonObject } from '../../../core/json.ts';
import { repeat } from '../../../core/repeat.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Events } from '../../../records/events/event.ts';
import type { Rollouts } from '../assign/rollouts.ts';
import { type CanaryTrial, type ExperimentTrial, type Trial } from '../assign/trials.ts';
import type { RolloutDirectory } from '../directory/rollout-directory.ts';
import { type Decision, decide } from '../canary/decide.ts';
import type { Rollout } from '../definition.ts';
import type { RolloutStore } from '../rollout-store.ts';
import {
  type CanaryRecord,
  type ExperimentRecord,
  type TrialKind,
  canaryRecordOf,
  experimentRecordOf,
  storedRecord,
} from '../run.ts';
import type { Verdict } from '../statistics/verdict.ts';
import { type ReplicaRow, canaryCountsOf, runSumsOf } from '../tallies/run-sums.ts';
import type { TallyBook } from '../tallies/tally-book.ts';
import type { TallyStore } from '../tallies/tally-store.ts';
import { verdictOfTrial } from '../trial-verdict.ts';
import { canaryEvents, experimentEvents } from './told.ts';
import type { TakenBackHere } from './taken-back.ts';

export interface WatchDeps {
  readonly rollouts: Pick<Rollouts, 'trials'>;
  readonly directory: Pick<RolloutDirectory, 'find'>;
  readonly store: Pick<RolloutStore, 'setState'>;
  readonly tallies: Pick<TallyStore, 'of'>;
  readonly book: Pick<TallyBook, 'flush' | 'rows'>;
  readonly takenBack: Pick<TakenBackHere, 'has' | 'add' | 'catchUp'>;
  /** Names this process, as the book does. */
  readonly replica: string;
  readonly events: Pick<Events, 'raise'>;
  readonly refresh: () => Promise<void>;
  readonly now: () => number;
  readonly scheduler: Scheduler;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
}

const EVERY_MS = 5000;
const MOST_VERDICTS = 100;

/**
 * Looks at experiments and canaries again and again. All replicas do; what one of them decides is written only where
 * nobody has decided since, so that one of them wins and tells of it.
 */
export class RolloutWatch {
  readonly #deps: WatchDeps;
  readonly #stop: () => void;
  #looking: Promise<void> = Promise.resolve();
  /** What others saw, for a time without the database. */
  #lastRows: readonly ReplicaRow[] = [];
  #isFailing = false;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, EVERY_MS, () => void this.look());
  }

  /** Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { rollouts, tallies, book, takenBack, log } = this.#deps;
    await takenBack.catchUp();
    const trials = [...rollouts.trials].filter(isRunning);
    if (trials.length === 0) return;
    try {
      await book.flush();
      this.#lastRows = await tallies.of(trials);
      for (const trial of trials) {
        await this.#judge(trial);
        // Each takes milliseconds; requests go on in between.
        await nextTurn();
      }
      this.#isFailing = false;
    } catch (err) {
      if (!this.#isFailing) log.warn({ err }, 'experiments and canaries cannot be looked at now; it is tried again');
      this.#isFailing = true;
      this.#judgeAlone(trials);
    }
  }

  async #judge(trial: Trial): Promise<void> {
    if (trial.kind === 'canary') await this.#judgeCanary(trial);
    else await this.#judgeExperiment(trial);
  }

  async #judgeCanary(trial: CanaryTrial): Promise<void> {
    const { directory, now } = this.#deps;
    const recordOf = (rollout: Rollout<'canary'>) => canaryRecordOf(rollout, rollout.state, now());
    await this.#begin(trial, directory.find('canary', trial.id), recordOf);
    const rollout = directory.find('canary', trial.id);
    if (!rollout) return;
    const record = recordOf(rollout);
    if (record.run !== trial.run) return;
    const decision = this.#decided(trial, record, this.#lastRows);
    const isFirst =
      decision.event !== undefined &&
      (await this.#write(trial, rollout.stateVersion, { ...record, canary: decision.state }));
    if (isFirst) this.#tell(canaryEvents(trial, decision), decision.reason);
  }

  async #judgeExperiment(trial: ExperimentTrial): Promise<void> {
    const { directory, now } = this.#deps;
    const recordOf = (rollout: Rollout<'experiment'>) => experimentRecordOf(rollout, rollout.state, now());
    await this.#begin(trial, directory.find('experiment', trial.id), recordOf);
    const rollout = directory.find('experiment', trial.id);
    if (!rollout) return;
    const record = recordOf(rollout);
    if (record.run !== trial.run) return;
    const verdict = verdictOfTrial(trial, runSumsOf(trial, this.#lastRows));
    if (isAsBefore(record, verdict)) return;
    const isFirst = await this.#write(trial, rollout.stateVersion, withVerdict(record, verdict, now()));
    if (isFirst) this.#tell(experimentEvents(trial, verdict), verdict.text);
  }

  /** A candidate that does harm is taken back here also while nobody can be asked what others have seen since. */
  #judgeAlone(trials: readonly Trial[]): void {
    const { directory, book, takenBack, replica, now } = this.#deps;
    const own = book.rows().map((row): ReplicaRow => ({ ...row, replica }));
    const rows = [...this.#lastRows.filter((row) => row.replica !== replica), ...own];
    for (const trial of trials) {
      const rollout = directory.find('canary', trial.id);
      if (!rollout || trial.kind !== 'canary' || takenBack.has(trial.id)) continue;
      const record = canaryRecordOf(rollout, rollout.state, now());
      const decision = this.#decided(trial, record, rows);
      if (decision.event?.kind !== 'rolled_back') continue;
      takenBack.add(trial.id, { ...record, canary: decision.state });
      this.#tell(canaryEvents(trial, decision), decision.reason);
    }
  }

  #decided(trial: CanaryTrial, { canary }: CanaryRecord, rows: readonly ReplicaRow[]): Decision {
    const counts = canaryCountsOf({ step: canary.step }, runSumsOf(trial, rows));
    return decide(trial.definition, canary, { steps: counts, nowMs: this.#deps.now() });
  }

  /** Writes down that a run has begun, where nobody has. */
  async #begin<Kind extends TrialKind>(
    trial: Trial,
    rollout: Rollout<Kind> | undefined,
    recordOf: (rollout: Rollout<Kind>) => CanaryRecord | ExperimentRecord,
  ): Promise<void> {
    const record = rollout && recordOf(rollout);
    if (record && !isStored(rollout.state, record)) await this.#write(trial, rollout.stateVersion, record);
  }

  /** @returns whether nobody was first */
  async #write({ kind, id }: Trial, version: number, record: CanaryRecord | ExperimentRecord): Promise<boolean> {
    const isFirst = await this.#deps.store.setState(kind, id, version, storedRecord(record));
    await this.#deps.refresh();
    return isFirst;
  }

  #tell({ event, subject }: ReturnType<typeof canaryEvents>, reason: string): void {
    this.#deps.log.info({ subject }, reason);
    if (event) this.#deps.events.raise(event);
  }
}

function isRunning(trial: Trial): boolean {
  return trial.kind === 'experiment' || trial.record.canary.status !== 'promoted';
}

/** Whether the run's beginning is written down. */
function isStored(state: Json | null, { run }: { readonly run: string }): boolean {
  return state !== null && (state as JsonObject)['run'] === run;
}

function isAsBefore({ verdicts }: ExperimentRecord, { state, arm }: Verdict): boolean {
  const last = verdicts.at(-1);
  return last === undefined ? state === 'running' : last.state === state && (last.arm ?? undefined) === arm;
}

function withVerdict(record: ExperimentRecord, verdict: Verdict, atMs: number): ExperimentRecord {
  const { state, arm, metric, estimate, text } = verdict;
  return {
    ...record,
    verdicts: [...record.verdicts, { state, arm, metric, estimate, text, atMs }].slice(-MOST_VERDICTS),
  };
}
