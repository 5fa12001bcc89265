import type { Clock } from '../../core/clock.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import { newId } from '../../core/ids.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { EventRow, EventStore } from './event-store.ts';
import {
  EVENT_KINDS,
  type EventKind,
  type EventSeverity,
  type Events,
  type NewEvent,
  type ResolvedEvent,
  type ToldEvent,
} from './event.ts';
import { storableEvidence, storableName } from './evidence.ts';
import { WriteBehind } from './write-behind.ts';

interface EventLogger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface EventLogDeps {
  readonly store: Pick<EventStore, 'add' | 'resolve'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: EventLogger;
  /** An event of this process: one that no other replica had told before. */
  counted(kind: EventKind): void;
  /** The same, for whoever passes it on; and that it is over. While the database is away, each replica tells its own. */
  told?(told: ToldEvent): void;
  resolved?(resolved: ResolvedEvent): void;
}

interface Raised {
  readonly id: string;
  readonly at: Date;
  readonly event: NewEvent;
  /** It was raised here before, so that nobody is told again where nobody can be asked. */
  readonly isReminder: boolean;
  /** Logged and counted. */
  isTold: boolean;
}

interface Resolved extends ResolvedEvent {
  /** Logged and passed on. */
  isTold: boolean;
}

/** More than this at a time are not kept, only logged. */
const MOST_WAITING = 1000;
/** Keys that were raised here and are not over: raising them again costs a look-up. */
const MOST_KEYS = 10_000;
const CLOSE_MS = 2000;

const LEVELS = { info: 'info', warning: 'warn', critical: 'error' } as const satisfies Record<EventSeverity, string>;

/**
 * What operators should know: kept in the database, logged, counted. All of it happens beside the requests. While the
 * database is away events wait, and are logged all the same.
 */
export class EventLog implements Events {
  readonly #deps: EventLogDeps;
  readonly #writes: WriteBehind<Raised | Resolved>;
  readonly #open = new GenerationalMap<NewEvent>(MOST_KEYS);
  /** Those among them that this process told. */
  readonly #toldHere = new GenerationalMap<true>(MOST_KEYS);

  constructor(deps: EventLogDeps) {
    this.#deps = deps;
    this.#writes = new WriteBehind({
      write: (item) => ('id' in item ? this.#add(item) : this.#resolve(item)),
      failed: (item, err) => this.#failed(item, err),
      away: (waiting) => this.#tellAll(waiting),
      most: MOST_WAITING,
      scheduler: deps.scheduler,
    });
  }

  raise(event: NewEvent): void {
    const { dedupe } = event;
    if (dedupe !== undefined) {
      if (this.#open.get(dedupe)) return;
      this.#open.set(dedupe, event);
    }
    this.#raise(event, false);
  }

  /** Something that was raised here is still so: told again if another replica has said that it is over. */
  remind(event: NewEvent): void {
    if (this.#writes.waiting === 0) this.#raise(event, true);
  }

  #raise(event: NewEvent, isReminder: boolean): void {
    const at = new Date(this.#deps.clock.now());
    const raised: Raised = { id: newId('event'), at, event, isReminder, isTold: false };
    if (!this.#writes.add(raised)) this.#tellAll([raised]);
  }

  resolve(dedupe: string): void {
    const event = this.#open.get(dedupe);
    this.#open.delete(dedupe);
    const resolved: Resolved = { dedupe, at: new Date(this.#deps.clock.now()), event, isTold: false };
    if (!this.#writes.add(resolved)) this.#tellOverHere(resolved);
  }

  /** Resolves when what was told so far is written, or when the time is over. */
  flush(timeoutMs: number): Promise<void> {
    return this.#writes.flush(timeoutMs);
  }

  close(): Promise<void> {
    return this.#writes.close(CLOSE_MS);
  }

  async #add(raised: Raised): Promise<void> {
    const isNew = await this.#deps.store.add(rowOf(raised));
    if (isNew) this.#tell(raised);
  }

  async #resolve(resolved: Resolved): Promise<void> {
    const isOver = await this.#deps.store.resolve(storableName(resolved.dedupe), resolved.at);
    if (isOver) this.#tellOver(resolved);
    this.#toldHere.delete(resolved.dedupe);
  }

  #tellOver(resolved: Resolved): void {
    if (resolved.isTold) return;
    resolved.isTold = true;
    const { dedupe, at, event } = resolved;
    this.#deps.log.info({ dedupe: storableName(dedupe) }, 'what an event told of is over');
    this.#deps.resolved?.({ dedupe, at, event });
  }

  /** What another replica told, that will say to be over. */
  #tellOverHere(resolved: Resolved): void {
    if (this.#toldHere.get(resolved.dedupe)) this.#tellOver(resolved);
  }

  #tell(raised: Raised): void {
    if (raised.isTold) return;
    raised.isTold = true;
    const { kind, severity, subject, evidence, dedupe } = raised.event;
    if (dedupe !== undefined) this.#toldHere.set(dedupe, true);
    const facts = { event: kind, id: raised.id, subject: storableName(subject), evidence: storableEvidence(evidence) };
    this.#deps.log[LEVELS[severity]](facts, EVENT_KINDS[kind]);
    this.#deps.counted(kind);
    this.#deps.told?.({ id: raised.id, at: raised.at, event: raised.event });
  }

  /** An operator who reads the log learns it now, and nobody can be asked whether another replica told it. */
  #tellAll(waiting: readonly (Raised | Resolved)[]): void {
    for (const item of waiting) {
      if (!('id' in item)) this.#tellOverHere(item);
      else if (!item.isReminder) this.#tell(item);
    }
  }

  #failed(item: Raised | Resolved, err: unknown): void {
    this.#tellAll([item]);
    this.#deps.log.error({ err }, 'an event could not be stored');
  }
}

function rowOf({ id, at, event }: Raised): EventRow {
  const { kind, severity, subject, dedupe, evidence } = event;
  return {
    id,
    at,
    kind,
    severity,
    subject: storableName(subject),
    dedupe: dedupe === undefined ? null : storableName(dedupe),
    evidence: JSON.stringify(storableEvidence(evidence)),
  };
}
