import type { Call } from '../../../core/call.ts';
import type { Json } from '../../../core/json.ts';
import { repeat } from '../../../core/repeat.ts';
import type { RolloutPart } from '../../../core/routing.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { CallRecord } from '../../../records/journal/record.ts';
import type { Rollouts } from '../assign/rollouts.ts';
import type { Trial } from '../assign/trials.ts';
import { unitOf } from '../assign/unit.ts';
import type { RolloutDirectory } from '../directory/rollout-directory.ts';
import type { RolloutUnit } from '../settings.ts';
import { type ArmSums, emptySums, groupOf, noteRequest, noteScore, sumsSince } from '../statistics/moments.ts';
import { endedRequestOf } from './counted.ts';
import { SeenQuestions } from './seen-questions.ts';
import { SeenUnits } from './seen-units.ts';
import type { RunName, TallyRow, TallyStore } from './tally-store.ts';

export interface TallyDeps {
  readonly rollouts: Pick<Rollouts, 'trials' | 'trialOf'>;
  readonly directory: Pick<RolloutDirectory, 'find'>;
  readonly store: Pick<TallyStore, 'save'>;
  /** Names this process; another start is another replica. */
  readonly replica: string;
  readonly scheduler: Scheduler;
  readonly log: { warn(facts: object, message: string): void };
}

/** What is known of one arm in a part of a run, of one replica. Plain JSON. */
export interface ArmTally {
  sums: ArmSums;
  /** How many users, or what else is drawn for, it got that had not been seen before in this run. */
  drawn: number;
  /** Of replicas that are no more, all together: how many each of them had not seen before. */
  readonly drawnByAll?: number;
  /** What it should get, by the sum of all; undefined where that is not known any more. */
  readonly weight?: number | undefined;
}

interface Part extends RunName {
  readonly step: number;
  /** Of what is tried; undefined of the file's. */
  readonly createdAt: Date | undefined;
  readonly arms: ReadonlyMap<string, ArmTally>;
  isChanged: boolean;
  /** As it was last written down; undefined before. */
  written: ReadonlyMap<string, ArmTally> | undefined;
}

/** What somebody said of an answer. */
export interface ToldScore {
  readonly parts: readonly RolloutPart[];
  /** Whom the call was drawn for. */
  readonly unitFor: (by: RolloutUnit) => string;
  /** 0 to 1. */
  readonly score: number;
}

const EVERY_MS = 2000;
/** In some minutes at most. */
const ALL_EACH = 100;

/** Sums what happens in the arms of experiments and canaries, and writes it down again and again, beside the requests. */
export class TallyBook {
  readonly #deps: TallyDeps;
  readonly #parts = new Map<string, Part>();
  readonly #seen = new SeenUnits();
  readonly #asked = new SeenQuestions();
  readonly #stop: () => void;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #writes = 0;

  constructor(deps: TallyDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, EVERY_MS, () => void this.flush());
  }

  /**
   * A call has ended.
   * @returns whether the arms may be compared by its answer: it was not asked before
   */
  observe(record: CallRecord, call: Call): boolean {
    let isFirst = true;
    for (const part of record.rollouts ?? []) {
      const trial = this.#deps.rollouts.trialOf(part);
      if (trial) isFirst = this.#count(trial, part, record, call) && isFirst;
    }
    return isFirst;
  }

  /** Somebody said something of an answer. Of runs that are over nothing is counted. */
  told(measure: 'feedback' | 'judge', { parts, unitFor, score }: ToldScore): void {
    for (const part of parts) {
      const trial = this.#deps.rollouts.trialOf(part);
      if (!trial) continue;
      const [counted, arm] = this.#armOf(trial, part);
      if (!arm) continue;
      noteScore(arm.sums, measure, score, groupFor(trial.by, unitFor));
      counted.isChanged = true;
    }
  }

  /** What this replica saw, as it is written down. */
  rows(): TallyRow[] {
    return [...this.#parts.values()].flatMap(rowsOf);
  }

  /** Writes down what has changed. Never rejects. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.flush();
  }

  #count(trial: Trial, part: RolloutPart, record: CallRecord, call: Call): boolean {
    const asked = call.cache?.asked;
    const isFirst = asked === undefined || this.#asked.isNew(runKey(trial), asked);
    const [counted, arm] = this.#armOf(trial, part);
    if (!arm) return isFirst;
    const unit = unitOf(call, trial.by);
    if (trial.by === 'request' || this.#seen.isNew(runKey(trial), unit)) {
      arm.drawn += 1;
      counted.isChanged = true;
    }
    const ended = isFirst ? endedRequestOf(record, call) : undefined;
    if (!ended) return isFirst;
    noteRequest(arm.sums, { ...ended, group: trial.by === 'request' ? undefined : groupOf(unit) });
    counted.isChanged = true;
    return isFirst;
  }

  /** With all arms of the part: one that got nothing shows that it got nothing. */
  #armOf(trial: Trial, { arm, step = trial.step }: RolloutPart): [Part, ArmTally | undefined] {
    const key = partKey({ kind: trial.kind, id: trial.id, run: trial.run, step });
    let part = this.#parts.get(key);
    if (!part) {
      const { kind, id, run } = trial;
      const weights = weightsAt(trial, step);
      const arms = trial.arms.map((one, at): [string, ArmTally] => [
        one.part.arm,
        { sums: emptySums(), drawn: 0, weight: weights?.[at] },
      ]);
      const { createdAt } = trial.rollout;
      part = { kind, id, run, step, createdAt, arms: new Map(arms), isChanged: false, written: undefined };
      this.#parts.set(key, part);
    }
    return [part, part.arms.get(arm)];
  }

  async #write(): Promise<void> {
    this.#forgetWhatIsOver();
    this.#writes += 1;
    // Also what has not changed, now and then: the rows of a replica that is silent are added to those of others.
    const isAll = this.#writes % ALL_EACH === 0;
    const parts = [...this.#parts.values()].filter(({ isChanged, written }) => isChanged || (isAll && written));
    if (parts.length === 0) return;
    const copies = parts.map(({ arms }) => structuredClone(arms));
    const rows = parts.flatMap((part) => rowsOf(part).map((row) => ({ ...row, isStored: part.written !== undefined })));
    for (const part of parts) part.isChanged = false;
    try {
      const lost = new Set((await this.#deps.store.save(this.#deps.replica, rows)).map(partKey));
      for (const [at, part] of parts.entries()) {
        if (lost.has(partKey(part))) beginAnew(part);
        else part.written = copies[at];
      }
      this.#isFailing = false;
    } catch (err) {
      for (const part of parts) part.isChanged = true;
      if (!this.#isFailing) this.#deps.log.warn({ err }, 'what arms did cannot be written down now; it is tried again');
      this.#isFailing = true;
    }
  }

  /**
   * What is not written down yet may still decide: a candidate may be taken back here while the database is away. Of what
   * was deleted nothing is kept.
   */
  #forgetWhatIsOver(): void {
    const current = new Set([...this.#deps.rollouts.trials].map(runKey));
    for (const [key, part] of this.#parts) {
      if (part.isChanged && !this.#isDeleted(part)) current.add(runKey(part));
      else if (!current.has(runKey(part))) this.#parts.delete(key);
    }
    this.#seen.keepOnly(current);
    this.#asked.keepOnly(current);
  }

  /** Also where another was made of the same name since. */
  #isDeleted({ kind, id, createdAt }: Part): boolean {
    const rollout = this.#deps.directory.find(kind, id);
    return !rollout || rollout.createdAt?.getTime() !== createdAt?.getTime();
  }
}

/** Undefined where each request is drawn for itself. */
function groupFor(by: RolloutUnit, unitFor: (by: RolloutUnit) => string): number | undefined {
  return by === 'request' ? undefined : groupOf(unitFor(by));
}

/** Feedback may be on a request of an earlier part. */
function weightsAt(trial: Trial, step: number): readonly number[] | undefined {
  if (step === trial.step) return trial.weights;
  if (trial.kind === 'experiment') return undefined;
  const share = trial.definition.steps[step] ?? 100;
  return [100 - share, share];
}

function runKey({ kind, id, run }: RunName): string {
  return `${kind}:${id}/${run}`;
}

function partKey(part: RunName & { readonly step: number }): string {
  return `${runKey(part)}/${part.step}`;
}

/** This replica could not be heard for so long that what it had written was added to what others saw. */
function beginAnew(part: Part): void {
  for (const [name, arm] of part.arms) {
    const before = part.written?.get(name);
    if (!before) continue;
    arm.sums = sumsSince(before.sums, arm.sums);
    arm.drawn -= before.drawn;
  }
  part.written = undefined;
  part.isChanged = true;
}

function rowsOf({ kind, id, run, step, arms }: Part): TallyRow[] {
  return [...arms].map(([arm, tally]) => ({ kind, id, run, step, arm, sums: tally as unknown as Json }));
}
