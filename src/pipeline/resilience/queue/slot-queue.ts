import { abortError } from '../../../core/abort-error.ts';
import type { Cancellation } from '../../../core/cancellation.ts';
import type { Clock } from '../../../core/clock.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Demand, Gate } from './gate.ts';
import { HoldingTime } from './holding-time.ts';
import { Overtaking } from './overtaking.ts';
import { PRIORITIES, type Place, WaitingLine } from './waiting-line.ts';

/** A timer that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const NOTHING: Demand = { inputTokens: 0, outputTokens: 0 };

const DEFAULT_PRIORITY = 5;

/** What a request needs until its deadline, in average times that a slot is held: some take longer. */
const MARGIN = 1.5;

export interface SlotQueueOptions {
  /** How many may be in flight; asked at every decision. After a change of it, call `refresh`. */
  readonly concurrency: () => number;
  /** How many may wait. */
  readonly size: () => number;
  /** The longest that one may wait, milliseconds. */
  readonly maxWaitMs: () => number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly gate?: Gate;
}

export interface SlotRequest {
  /** 0 to 9, 9 first. Left out: 5. */
  readonly priority?: number | undefined;
  /** Who has turns with others of the same priority: the project. */
  readonly owner: string;
  /** When it must be over, monotonic milliseconds: it needs a slot so long before as slots are held, and a half more. */
  readonly deadline?: number | undefined;
  /** How long it waits at most, milliseconds; 0 is at once or never. */
  readonly patienceMs?: number | undefined;
  readonly cancellation?: Cancellation | undefined;
  readonly demand?: Demand | undefined;
}

export interface SlotQueueSnapshot {
  readonly inFlight: number;
  readonly concurrency: number;
  readonly waiting: number;
  /** By priority, 0 to 9. */
  readonly waitingAt: readonly number[];
  /** How long a newcomer of the default priority would wait, milliseconds. */
  readonly estimateMs: number;
  /** How long a slot is held on average, milliseconds. */
  readonly holdingMs: number;
}

/** One of the places at a target. Whoever was given it gives it back, whatever became of the request meanwhile. */
export class Slot {
  readonly #giveBack: (heldSince: number) => void;
  readonly #since: number;
  #isHeld = true;

  constructor(since: number, giveBack: (heldSince: number) => void) {
    this.#since = since;
    this.#giveBack = giveBack;
  }

  /** Only the first release counts. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#giveBack(this.#since);
  }
}

interface Waiter {
  readonly request: SlotRequest;
  readonly demand: Demand;
  readonly grant: (slot: Slot) => void;
  readonly refuse: (error: GatewayError) => void;
  readonly stopTimer: () => void;
  stopListening: () => void;
}

/**
 * Bulkhead and bounded queue of one target: at most so many in flight, at most so many waiting, and nobody waits who
 * cannot be served in time. `waiting-line.ts` says who comes next.
 */
export class SlotQueue {
  readonly #options: SlotQueueOptions;
  readonly #line = new WaitingLine<Waiter>();
  readonly #holding: HoldingTime;
  readonly #overtaking = new Overtaking();
  readonly #giveBack = (since: number): void => this.#release(since);
  #inFlight = 0;
  #stopGateTimer: (() => void) | undefined;

  constructor(options: SlotQueueOptions) {
    this.#options = options;
    this.#holding = new HoldingTime(options.clock.monotonic());
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /**
   * A slot at once where one is free and nobody waits, else when its turn has come.
   * @throws queue_full (at once, or as rejection), with the time after which it would be served
   * @throws client_aborted, deadline_exceeded, shutting_down (likewise), by who cancelled
   */
  acquire(request: SlotRequest): Slot | Promise<Slot> {
    const demand = request.demand ?? NOTHING;
    if (this.#line.size === 0 && this.#isFree() && this.#gateMs(demand) === 0) return this.#take(demand);
    return this.#wait(request, demand);
  }

  /** Looks again whether somebody may go: after more slots were allowed, or the gate has become wider. */
  refresh(): void {
    this.#dispatch();
  }

  snapshot(): SlotQueueSnapshot {
    return {
      inFlight: this.#inFlight,
      concurrency: this.#options.concurrency(),
      waiting: this.#line.size,
      waitingAt: Array.from({ length: PRIORITIES }, (_, priority) => this.#line.sizeAt(priority)),
      estimateMs: this.#estimateMs(this.#line.ahead(DEFAULT_PRIORITY, ''), DEFAULT_PRIORITY, NOTHING),
      holdingMs: this.#holding.averageMs,
    };
  }

  #isFree(): boolean {
    return this.#inFlight < this.#options.concurrency();
  }

  #gateMs(demand: Demand): number {
    return this.#options.gate?.delayMs(demand) ?? 0;
  }

  #take(demand: Demand): Slot {
    const now = this.#options.clock.monotonic();
    this.#options.gate?.take(demand);
    this.#inFlight += 1;
    if (!this.#isFree()) this.#holding.full(now);
    return new Slot(now, this.#giveBack);
  }

  #release(since: number): void {
    const now = this.#options.clock.monotonic();
    this.#inFlight -= 1;
    this.#holding.release(now - since, now);
    this.#dispatch();
  }

  #wait(request: SlotRequest, demand: Demand): Promise<Slot> {
    const { priority = DEFAULT_PRIORITY, owner, cancellation } = request;
    if (cancellation?.by !== undefined) throw abortError(cancellation.by);
    const patienceMs = this.#patienceMs(request);
    const estimateMs = this.#estimateMs(this.#line.ahead(priority, owner), priority, demand);
    if (patienceMs <= 0 || estimateMs > patienceMs) throw queueFull(estimateMs - patienceMs);
    this.#makeRoom(priority, estimateMs);
    return new Promise((grant, refuse) => this.#enter({ request, demand, grant, refuse }, patienceMs));
  }

  #patienceMs({ deadline = Number.POSITIVE_INFINITY, patienceMs = Number.POSITIVE_INFINITY }: SlotRequest): number {
    const untilDeadline = deadline - this.#options.clock.monotonic() - MARGIN * this.#holding.averageMs;
    return Math.min(untilDeadline, patienceMs, this.#options.maxWaitMs());
  }

  /** @throws queue_full where nobody waits who is less important */
  #makeRoom(priority: number, estimateMs: number): void {
    if (this.#line.size < this.#options.size()) return;
    const { last } = this.#line;
    if (!last || last.priority >= priority) throw queueFull(estimateMs);
    this.#refuse(last, queueFull(this.#estimateOf(last)));
  }

  #enter(parts: Omit<Waiter, 'stopTimer' | 'stopListening'>, patienceMs: number): void {
    const { cancellation, priority = DEFAULT_PRIORITY, owner } = parts.request;
    const expire = (): void => this.#refuse(place, queueFull(this.#estimateOf(place)));
    const stopTimer = this.#options.scheduler.after(Math.min(patienceMs, LONGEST_TIMER_MS), expire);
    const waiter: Waiter = { ...parts, stopTimer, stopListening: doNothing };
    const place = this.#line.add(waiter, priority, owner);
    waiter.stopListening = cancellation?.onCancel((by) => this.#refuse(place, abortError(by))) ?? doNothing;
    // A newcomer that goes first may fit through the gate where the one that it passed does not.
    if (this.#line.first === place) this.#dispatch();
  }

  #refuse(place: Place<Waiter>, error: GatewayError): void {
    const wasFirst = this.#line.first === place;
    this.#line.remove(place);
    leave(place.value);
    place.value.refuse(error);
    if (wasFirst) this.#dispatch();
  }

  #dispatch(): void {
    this.#stopGateTimer?.();
    this.#stopGateTimer = undefined;
    for (let next = this.#line.first; next && this.#isFree(); next = this.#line.first) {
      const { value: waiter } = next;
      const delayMs = this.#gateMs(waiter.demand);
      if (delayMs > 0) {
        this.#waitForGate(delayMs);
        return;
      }
      this.#line.shift();
      this.#overtaking.granted(next.priority);
      leave(waiter);
      waiter.grant(this.#take(waiter.demand));
    }
  }

  #waitForGate(delayMs: number): void {
    this.#stopGateTimer = this.#options.scheduler.after(Math.min(delayMs, LONGEST_TIMER_MS), () => this.#dispatch());
  }

  #estimateOf({ priority, lane }: Place<Waiter>): number {
    return this.#estimateMs(this.#line.ahead(priority, lane.owner), priority, NOTHING);
  }

  /** How long one of this priority would wait that has so many before it. */
  #estimateMs(ahead: number, priority: number, demand: Demand): number {
    const slots = this.#options.concurrency();
    const releases = ahead + 1 - Math.max(0, slots - this.#inFlight);
    const slotMs = releases <= 0 ? 0 : this.#holding.estimateMs(releases, slots, this.#options.clock.monotonic());
    return Math.max(slotMs * this.#overtaking.factorAt(priority), this.#options.gate?.delayMs(demand, ahead) ?? 0);
  }
}

function leave({ stopTimer, stopListening }: Waiter): void {
  stopTimer();
  stopListening();
}

function queueFull(retryAfterMs: number): GatewayError {
  return new GatewayError('queue_full', { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) });
}

function doNothing(): void {}
