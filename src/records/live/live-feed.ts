import type { ServerResponse } from 'node:http';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { repeat } from '../../core/repeat.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { Pulse } from './pulse.ts';
import { Subscriber, frameOf } from './subscriber.ts';
import { type LiveFacts, type Tick, ticksOf } from './ticks.ts';

export interface LiveFeedDeps {
  /** How things stand. Rejects where the database does not answer. */
  readonly look: () => Promise<LiveFacts>;
  /** How many records of this process are in the database; asked often, so it must cost nothing. */
  readonly written: () => number;
  readonly pulse: Pick<Pulse, 'read' | 'rest'>;
  readonly hello: { readonly replica: string; readonly version: string };
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

export interface Subscription {
  readonly response: ServerResponse;
  readonly isScoped: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Who follows; another one for another operator. */
  readonly who: string;
  /** Whether they still may. Where it rejects, nobody knows, and they go on. */
  readonly mayStill: () => Promise<boolean>;
}

export const MOST_SUBSCRIBERS = 100;
/** Of one operator, so that no one takes the places of all. */
export const MOST_OF_ONE = 10;
const TOO_MANY_RETRY_MS = 30_000;
const PULSE_MS = 2000;
const HEARTBEAT_MS = 15_000;
/** How often it is asked what others changed. */
const LOOK_MS = 1000;
/** What this process did itself is told that soon, unless something was told a moment ago. */
const NUDGE_MS = 200;
/** Looks never take more than this part of the time, however slow the database is. */
const LOOKING_PART = 0.05;
/** How often it is asked whether those who follow still may. */
const CHECK_MS = 60_000;
/** What somebody may see is asked when a stream begins; so it begins again now and then. */
const LONGEST_STREAM_MS = 15 * 60_000;

/**
 * Tells those who look on that something changed. While nobody does, nothing is asked and no timer runs; for any number
 * of them one question a second is.
 */
export class LiveFeed {
  readonly #deps: LiveFeedDeps;
  /** All who follow, those who were not greeted yet among them. */
  readonly #streams = new Map<Subscriber, Subscription>();
  /** Those who are told. */
  readonly #subscribers = new Set<Subscriber>();
  #isClosed = false;
  #stops: (() => void)[] = [];
  #facts: LiveFacts | undefined;
  #looking: Promise<void> | undefined;
  #nextLook = 0;
  #nextNudged = 0;
  #written = 0;
  #isNudged = false;

  constructor(deps: LiveFeedDeps) {
    this.#deps = deps;
  }

  /** How many are told. */
  get size(): number {
    return this.#streams.size;
  }

  /** @throws gateway_overloaded where there are too many, limit_concurrency where there are of one; shutting_down */
  subscribe(subscription: Subscription): void {
    const { response, isScoped, headers, who } = subscription;
    if (this.#isClosed) throw new GatewayError('shutting_down');
    if (this.#countOf(who) >= MOST_OF_ONE) throw tooManyOfOne();
    if (this.#streams.size >= MOST_SUBSCRIBERS) throw tooMany();
    // Who was gone before it could be told will not say so again.
    if (response.destroyed) return;
    const subscriber = new Subscriber(response, isScoped, headers);
    this.#streams.set(subscriber, subscription);
    if (this.#streams.size === 1) this.#start();
    const cancelEnd = this.#deps.scheduler.after(LONGEST_STREAM_MS, () => subscriber.end());
    response.once('close', () => {
      cancelEnd();
      this.#subscribers.delete(subscriber);
      this.#streams.delete(subscriber);
      if (this.#streams.size === 0) this.#stop();
    });
    void this.#greet(subscriber, response);
  }

  /** Keys or sessions have ended: lets those go who followed with them. */
  check(): void {
    for (const [subscriber, { mayStill }] of this.#streams) {
      void mayStill().then(
        (may) => void (may || subscriber.end()),
        () => undefined,
      );
    }
  }

  /** Something was changed here that a look would find, or find late. */
  nudge(): void {
    this.#isNudged = true;
  }

  /** Something changed that no look finds. */
  tell(tick: Tick): void {
    const whole = frameOf(tick.event, tick.data);
    const subject = tick.event === 'settings' ? tick.data : {};
    const scoped = frameOf(tick.event, subject);
    for (const subscriber of this.#subscribers) subscriber.send(subscriber.isScoped ? scoped : whole);
  }

  /** Ends all streams; whoever asks again is refused. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const subscriber of this.#subscribers) subscriber.end();
  }

  #countOf(who: string): number {
    return [...this.#streams.values()].filter((one) => one.who === who).length;
  }

  /** What it asks for on being greeted is as new as what the next tick is told against. */
  async #greet(subscriber: Subscriber, response: ServerResponse): Promise<void> {
    await this.#look();
    if (response.destroyed) return;
    if (this.#isClosed) {
      subscriber.end();
      return;
    }
    this.#subscribers.add(subscriber);
    subscriber.send(frameOf('hello', this.#deps.hello));
  }

  #start(): void {
    const { scheduler } = this.#deps;
    this.#written = this.#deps.written();
    this.#deps.pulse.read(this.#deps.clock.monotonic());
    this.#stops = [
      repeat(scheduler, NUDGE_MS, () => this.#lookIfDue()),
      repeat(scheduler, PULSE_MS, () => this.#beat()),
      repeat(scheduler, CHECK_MS, () => this.check()),
      repeat(scheduler, HEARTBEAT_MS, () => this.#sendAll(': still here\n\n')),
    ];
  }

  #stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#facts = undefined;
    this.#deps.pulse.rest();
  }

  #beat(): void {
    const frame = frameOf('pulse', this.#deps.pulse.read(this.#deps.clock.monotonic()));
    for (const subscriber of this.#subscribers) if (!subscriber.isScoped) subscriber.send(frame);
  }

  #sendAll(frame: string): void {
    for (const subscriber of this.#subscribers) subscriber.send(frame);
  }

  #lookIfDue(): void {
    const written = this.#deps.written();
    if (written !== this.#written) this.#isNudged = true;
    this.#written = written;
    if (this.#deps.clock.monotonic() >= (this.#isNudged ? this.#nextNudged : this.#nextLook)) void this.#look();
  }

  /** Those who ask while one look runs share it. Never rejects: while the database is away nothing is told. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { look, clock } = this.#deps;
    const began = clock.monotonic();
    this.#isNudged = false;
    const facts = await look().catch(() => undefined);
    const ended = clock.monotonic();
    const pauseMs = (ended - began) / LOOKING_PART;
    this.#nextLook = ended + Math.max(LOOK_MS, pauseMs);
    this.#nextNudged = ended + pauseMs;
    if (!facts || this.#streams.size === 0) return;
    const ticks = this.#facts ? ticksOf(this.#facts, facts) : [];
    this.#facts = facts;
    for (const tick of ticks) this.tell(tick);
    // Whoever is told asks again: not more often than once a second, however busy it is.
    if (ticks.length > 0) this.#nextNudged = this.#nextLook;
  }
}

function tooManyOfOne(): GatewayError {
  return new GatewayError('limit_concurrency', {
    message: `You already follow what happens here ${MOST_OF_ONE} times, and more cannot. Close a window of the console.`,
    retryAfterMs: TOO_MANY_RETRY_MS,
  });
}

function tooMany(): GatewayError {
  return new GatewayError('gateway_overloaded', {
    message: `${MOST_SUBSCRIBERS} already follow what happens in this process, and more cannot. Close a window, or ask another replica.`,
    retryAfterMs: TOO_MANY_RETRY_MS,
  });
}
