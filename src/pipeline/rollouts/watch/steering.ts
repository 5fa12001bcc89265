import { GatewayError } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import { startCanary, withEvent } from '../canary/canary.ts';
import { type CanaryAction, steer } from '../canary/decide.ts';
import { BY_PERSON } from '../canary/words.ts';
import { notFound } from '../not-found.ts';
import type { Rollout } from '../definition.ts';
import { occupantOf, occupiedText } from '../directory/problems.ts';
import type { RolloutDirectory } from '../directory/rollout-directory.ts';
import type { RolloutStore } from '../rollout-store.ts';
import {
  type CanaryRecord,
  type TrialKind,
  canaryDefinitionOf,
  canaryRecordOf,
  canaryStateOf,
  experimentRecordOf,
  runOf,
  storedRecord,
  successorOf,
} from '../run.ts';
import type { TakenBackHere } from './taken-back.ts';

export interface SteeringDeps {
  readonly directory: Pick<RolloutDirectory, 'list' | 'find' | 'stateOf' | 'hold' | 'release'>;
  readonly store: Pick<RolloutStore, 'setState'>;
  readonly takenBack: Pick<TakenBackHere, 'has' | 'add' | 'forget' | 'restore'>;
  /** Brings what was changed into force. */
  readonly refresh: () => Promise<void>;
  readonly now: () => number;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
}

/** What a person may do with a canary; `restart` begins another run, at the first step. */
export const CANARY_ACTIONS = ['promote', 'advance', 'rollback', 'pause', 'resume', 'restart'] as const;
export type CanaryWord = (typeof CANARY_ACTIONS)[number];

/** What never puts anything in force. */
const STOPS: ReadonlySet<CanaryWord> = new Set(['rollback', 'pause']);

/** Somebody else may change a state at the same time; the word is then said again, of the new one. */
const MOST_TRIES = 5;

/** What people say of canaries and experiments. What they say is in force here before it is written. */
export class Steering {
  readonly #deps: SteeringDeps;

  constructor(deps: SteeringDeps) {
    this.#deps = deps;
  }

  /** @throws resource_not_found, request_invalid, storage_unavailable */
  async canary(id: string, word: CanaryWord): Promise<void> {
    if (word === 'rollback' && this.#isTakenBack(id)) return;
    await this.#change('canary', id, (rollout) => {
      if (!STOPS.has(word)) this.#refuseBeside(rollout);
      const record = this.#recordOf(rollout, word);
      return word === 'restart' ? restarted(rollout, record, this.#deps.now()) : this.#steered(rollout, record, word);
    });
    this.#deps.log.info({ canary: id, action: word }, 'somebody has decided about a canary');
  }

  /** Begins another run, of which nothing is counted yet. @throws resource_not_found, storage_unavailable */
  async restartExperiment(id: string): Promise<void> {
    const nowMs = this.#deps.now();
    await this.#change('experiment', id, (rollout) => {
      const record = experimentRecordOf(rollout, rollout.state, nowMs);
      const restarts = record.restarts + 1;
      return storedRecord({ run: runOf(rollout, restarts), restarts, sinceMs: nowMs, verdicts: [] });
    });
    this.#deps.log.info({ experiment: id }, 'somebody has begun an experiment anew');
  }

  /** What was taken back has made room, and something else may be tried by now. */
  #refuseBeside({ kind, id, definition }: Rollout<'canary'>): void {
    if (!definition?.enabled) return;
    const other = occupantOf(this.#deps.directory, { kind, id }, definition.model);
    if (!other) return;
    throw new GatewayError('request_invalid', {
      message: `The canary "${id}" cannot go on: ${occupiedText(other, definition.model)}. Remove it first.`,
    });
  }

  /** What is stopped is what is stored, also where other replicas have a newer file that it is of. */
  #recordOf(rollout: Rollout<'canary'>, word: CanaryWord): CanaryRecord {
    const { directory, now } = this.#deps;
    const state = directory.stateOf(rollout);
    const successor = STOPS.has(word) ? successorOf(rollout, state) : undefined;
    return successor ?? canaryRecordOf(rollout, state, now());
  }

  /** In the database too: to say it once more is no mistake. */
  #isTakenBack(id: string): boolean {
    const rollout = this.#deps.directory.find('canary', id);
    if (!rollout || this.#deps.takenBack.has(id)) return false;
    const stored = successorOf(rollout, rollout.state) ?? canaryRecordOf(rollout, rollout.state, 0);
    return stored.canary.status === 'rolled_back';
  }

  #steered(rollout: Rollout<'canary'>, record: CanaryRecord, word: CanaryAction): Json {
    const { definition } = rollout;
    const steered = definition && steer(canaryDefinitionOf(definition), record.canary, word, this.#deps.now());
    if (steered) return storedRecord({ ...record, canary: steered.state });
    // What is only held here is not written yet: the same word again writes it.
    if (word === 'rollback' && this.#deps.takenBack.has(rollout.id)) return storedRecord(record);
    const { status } = record.canary;
    throw new GatewayError('request_invalid', {
      message: `The canary "${rollout.id}" is ${status}; "${word}" makes no sense now. "restart" begins anew.`,
    });
  }

  async #change<Kind extends TrialKind>(kind: Kind, id: string, next: (rollout: Rollout<Kind>) => Json): Promise<void> {
    const { directory, store, refresh } = this.#deps;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const rollout = directory.find(kind, id);
      if (!rollout) throw notFound(kind, id);
      const state = next(rollout);
      directory.hold(kind, id, state);
      const isDone = await store.setState(kind, id, rollout.stateVersion, state).catch((error: unknown) => {
        throw this.#unreachable(kind, id, state, error);
      });
      await refresh();
      if (isDone) {
        this.#release(kind, id);
        return;
      }
    }
    this.#restore(kind, id);
    throw new GatewayError('storage_unavailable', {
      message: `Others change the ${kind} "${id}" at the same time. Look at it, and say it again.`,
    });
  }

  /** What was taken back stays so here; nothing else does, since other replicas do not know of it. */
  #unreachable(kind: TrialKind, id: string, state: Json, error: unknown): unknown {
    const record = kind === 'canary' ? canaryStateOf(state) : undefined;
    if (record?.canary.status !== 'rolled_back') {
      this.#restore(kind, id);
      return error;
    }
    this.#deps.takenBack.add(id, record);
    return new GatewayError('storage_unavailable', {
      message: `The canary "${id}" is taken back on this replica. The database does not answer, so the others learn it when it is back.`,
      cause: error,
    });
  }

  #release(kind: TrialKind, id: string): void {
    if (kind === 'canary') this.#deps.takenBack.forget(id);
    else this.#deps.directory.release(kind, id);
  }

  #restore(kind: TrialKind, id: string): void {
    if (kind === 'canary') this.#deps.takenBack.restore(id);
    else this.#deps.directory.release(kind, id);
  }
}

function restarted(rollout: Rollout<'canary'>, record: CanaryRecord, nowMs: number): Json {
  const restarts = record.restarts + 1;
  const { definition } = rollout;
  const begun = { ...startCanary(nowMs), history: record.canary.history };
  const told = { kind: 'restarted', atMs: nowMs, reason: BY_PERSON.restart, by: 'person' } as const;
  const canary = definition ? withEvent(canaryDefinitionOf(definition), begun, told).state : begun;
  return storedRecord({ ...record, run: runOf(rollout, restarts), restarts, canary });
}
