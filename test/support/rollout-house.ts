import { assignmentOf } from '../../src/models/catalog.ts';
import { variantOf } from '../../src/app-catalog.ts';
import type { Config } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { readRollout } from '../../src/config/read-rollout.ts';
import type { Call } from '../../src/core/call.ts';
import { newTraceId } from '../../src/core/ids.ts';
import { type OpenedRollouts, openRollouts } from '../../src/pipeline/rollouts/open-rollouts.ts';
import type { NewEvent } from '../../src/records/events/event.ts';
import type { CallRecord } from '../../src/records/journal/record.ts';
import type { Orm } from '../../src/storage/revisions/revision-store.ts';
import { configOf } from './config-of.ts';
import type { CanaryState } from '../../src/pipeline/rollouts/canary/canary.ts';
import type { CanaryRecord, ExperimentRecord } from '../../src/pipeline/rollouts/run.ts';
import type { ReadDefinition, Rollout, RolloutKind } from '../../src/pipeline/rollouts/definition.ts';
import { type ReplicaRow, runSumsOf, totalsOf } from '../../src/pipeline/rollouts/tallies/run-sums.ts';
import { PostgresTallyStore } from '../../src/pipeline/rollouts/tallies/tally-store.ts';
import { FakeClock } from './fake-clock.ts';
import { makeCall } from './make-call.ts';
import { makeRecord } from './make-record.ts';
import { ManualRevisions } from './manual-revisions.ts';

const MODELS = 'models: { chat: { target: sim/echo }, other: { target: sim/small } }\n';
const SECTIONS = { flag: 'flags', experiment: 'experiments', canary: 'canaries', shadow: 'shadows' } as const;

/** Reads as the gateway does, but for routes. */
export function readerOf(config: Pick<Config, 'models' | 'providers' | 'guards'>): ReadDefinition {
  return ((kind, id, body) => {
    try {
      return { definition: readRollout(SECTIONS[kind as keyof typeof SECTIONS], id, body, config) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { problems: error.problems };
    }
  }) as ReadDefinition;
}

export interface Replica extends OpenedRollouts {
  readonly revisions: ManualRevisions;
  readonly told: readonly NewEvent[];
  /** A call of a user has ended. @returns the arm that it fell into */
  end(user: string, parts?: Partial<CallRecord>, more?: Partial<Call>): string | undefined;
}

/** One process that tries things, on a database that it may share; its time is the test's. */
export async function openReplica(
  orm: Orm,
  { name = 'r1', text = '', clock = new FakeClock() }: { name?: string; text?: string; clock?: FakeClock } = {},
): Promise<Replica> {
  const config = configOf(MODELS + text);
  const revisions = new ManualRevisions();
  const told: NewEvent[] = [];
  const opened = await openRollouts({
    orm,
    revisions,
    file: config,
    read: readerOf(config),
    variant: (model, sets) => assignmentOf(variantOf(model, sets, config)),
    replica: name,
    events: { raise: (event) => void told.push(event) },
    clock,
    scheduler: clock,
    random: () => 0,
    log: { info: () => undefined, warn: () => undefined },
  });
  const end: Replica['end'] = (user, parts = {}, more = {}) => {
    const call = Object.assign(callOf(user, newTraceId(clock.now())), more);
    const assignment = opened.rollouts.assign(call, assignmentOf(variantOf('chat', [], config)));
    const { rollouts, arm } = assignment;
    const record = makeRecord({ startedAt: clock.now(), userId: user, ...parts, rollouts, arm });
    call.assignment = assignment;
    opened.observe(record, call, { input: undefined, output: undefined });
    return arm;
  };
  return { ...opened, revisions, told, end };
}

/** What the model means where nothing is tried. */
export const PLAIN = { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined };

export function callOf(user: string, id = '0'.repeat(32)): Call {
  return makeCall({
    id,
    facts: { model: 'chat', user },
    principal: { keyId: 'key_1', project: 'p', user: undefined, models: undefined },
  });
}

export const userAt = (at: number): string => `u${at}`;

/** Processes on one database, whose time and looks are the test's. */
export class RolloutHouse {
  readonly clock = new FakeClock();
  readonly replicas: Replica[] = [];
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /** One process more. */
  async open(text = ''): Promise<Replica> {
    const name = `r${this.replicas.length}`;
    const replica = await openReplica(this.#orm, { name, text, clock: this.clock });
    this.replicas.push(replica);
    return replica;
  }

  /** All have heard of what was changed. */
  async refresh(): Promise<void> {
    for (const { revisions } of this.replicas) await revisions.refresh();
  }

  /** All look at the same time. */
  async look(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.look()));
    await this.refresh();
  }

  /** What all were told, by kind. */
  kindsTold(): string[] {
    return this.replicas.flatMap(({ told }) => told.map(({ kind }) => kind));
  }

  /** Requests of many users, over all replicas; those of the candidate end as the test says. */
  traffic(count: number, ofCandidate: Partial<CallRecord> = {}): void {
    for (let at = 0; at < count; at += 1) {
      const replica = this.replicas[at % this.replicas.length];
      const isCandidate = replica?.rollouts.assign(callOf(userAt(at)), PLAIN).arm?.endsWith('/candidate') === true;
      replica?.end(userAt(at), isCandidate ? ofCandidate : {});
    }
  }

  /** What all replicas have written of the first trial of one of them. */
  async sums({ rollouts }: Replica) {
    const [trial] = rollouts.trials;
    if (!trial) throw new Error('nothing is tried');
    const rows: ReplicaRow[] = await new PostgresTallyStore(this.#orm, this.clock).of([trial]);
    const all = runSumsOf(trial, rows);
    return { all, of: (arm: string) => totalsOf(all, arm) };
  }
}

export function canaryOf({ directory }: Replica, id = 'new'): CanaryState {
  const rollout = whole(directory.find('canary', id), id);
  return (directory.stateOf(rollout) as unknown as CanaryRecord).canary;
}

export function verdictsOf({ directory }: Replica, id = 'e'): ExperimentRecord['verdicts'] {
  const { state } = whole(directory.find('experiment', id), id);
  return (state as unknown as ExperimentRecord).verdicts;
}

function whole<Kind extends RolloutKind>(rollout: Rollout<Kind> | undefined, id: string): Rollout<Kind> {
  if (!rollout) throw new Error(`nothing is called ${id}`);
  return rollout;
}

const gone = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));

/** Meanwhile the database does not answer. */
export async function whileAway({ pool }: { readonly pool: object }, meanwhile: () => Promise<void>): Promise<void> {
  const names = ['query', 'connect'] as const;
  const before = names.map((name) => Reflect.getOwnPropertyDescriptor(pool, name));
  Object.assign(pool, { query: gone, connect: gone });
  try {
    await meanwhile();
  } finally {
    for (const [at, name] of names.entries()) {
      const own = before[at];
      if (own) Object.defineProperty(pool, name, own);
      else Reflect.deleteProperty(pool, name);
    }
  }
}
