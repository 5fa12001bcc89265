import type { Clock } from '../core/clock.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { CollectedMetrics } from './collected-metrics.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { Restarts } from './restarts.ts';

/** A worker as the primary sees it. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  kill(): void;
}

/** What a worker does. */
export interface WorkerEvents {
  message(message: FromWorker): void;
  ended(how: string): void;
}

export interface PrimaryOptions {
  readonly count: number;
  fork(number: number, events: WorkerEvents): WorkerProcess;
  /** The primary's own figures, in Prometheus' text format. */
  ownMetrics(): string;
  readonly log: Record<'info' | 'warn' | 'error', (fields: object, text: string) => void>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

interface Place {
  readonly number: number;
  worker: WorkerProcess | undefined;
  /** Monotonic milliseconds. */
  readyAt: number | undefined;
}

interface Ended extends Pick<Place, 'readyAt'> {
  readonly how: string;
  readonly pid: number | undefined;
}

/** A worker ended at the start, or no worker can be started any more. */
class WorkersEndedError extends RangeError {
  override readonly name = 'WorkersEndedError';
}

/**
 * Keeps so many workers running. The first one starts alone: what is made at a first start is made once, and what is
 * wrong is said once.
 */
export class Primary {
  readonly #options: PrimaryOptions;
  readonly #places: readonly Place[];
  readonly #restarts = new Restarts();
  readonly #metrics: CollectedMetrics;
  readonly #waiting = new Map<number, () => void>();
  readonly #started = Promise.withResolvers<string | undefined>();
  readonly #ended = Promise.withResolvers<void>();
  #phase: 'starting' | 'running' | 'stopping' = 'starting';
  #text: string | undefined;
  #failure: WorkersEndedError | undefined;
  #restarted = 0;

  constructor(options: PrimaryOptions) {
    this.#options = options;
    this.#places = Array.from({ length: options.count }, (_, at) => ({
      number: at + 1,
      worker: undefined,
      readyAt: undefined,
    }));
    this.#metrics = new CollectedMetrics({
      ownMetrics: () => options.ownMetrics(),
      scheduler: options.scheduler,
      ask: (number, id) => this.#places[number - 1]?.worker?.send({ type: 'expose', id }),
    });
  }

  get readyCount(): number {
    return this.#places.filter(({ readyAt }) => readyAt !== undefined).length;
  }

  /** How often a worker that had ended was started again. */
  get restarted(): number {
    return this.#restarted;
  }

  get isStopping(): boolean {
    return this.#phase === 'stopping';
  }

  /**
   * Resolves when all are ready, with what a start prints; with undefined where it was stopped before.
   * @throws WorkersEndedError where one ended before it was ready; then none is left
   */
  start(): Promise<string | undefined> {
    const [first] = this.#places;
    if (first) this.#fork(first);
    return this.#started.promise;
  }

  /** Resolves when all have ended because of `stop()`. @throws WorkersEndedError where they cannot be kept running */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Lets all workers end what they do. */
  stop(): void {
    if (this.#phase === 'stopping') return;
    this.#phase = 'stopping';
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
    this.#tellAll({ type: 'stop' });
    this.#endWhereNoneIsLeft();
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const { worker } of this.#places) worker?.kill();
  }

  reload(): void {
    this.#tellAll({ type: 'reload' });
  }

  #tellAll(message: ToWorker): void {
    for (const { worker } of this.#places) worker?.send(message);
  }

  #fork(place: Place): void {
    let isGone = false;
    place.worker = this.#options.fork(place.number, {
      message: (message) => {
        // What a worker said may arrive after its end, when it counts no more.
        if (!isGone) this.#hear(place, message);
      },
      ended: (how) => {
        isGone = true;
        this.#gone(place, how);
      },
    });
  }

  #hear(place: Place, message: FromWorker): void {
    switch (message.type) {
      case 'seated':
        if (this.#phase === 'stopping') place.worker?.send({ type: 'stop' });
        break;
      case 'ready':
        this.#ready(place, message.text);
        break;
      case 'exposed':
        this.#metrics.told(place.number, message.id, message.text);
        break;
      case 'scrape':
        void this.#answer(place, message.id);
        break;
    }
  }

  /** Who asks is asked as well, also where it is not known to be ready yet. */
  async #answer(asking: Place, id: number): Promise<void> {
    const asked = this.#places.filter((place) => place === asking || place.readyAt !== undefined);
    const text = await this.#metrics.collect(asked.map(({ number }) => number));
    asking.worker?.send({ type: 'scraped', id, text });
  }

  #ready(place: Place, text: string): void {
    place.readyAt = this.#options.clock.monotonic();
    this.#restarts.ready();
    this.#text ??= text;
    if (this.#phase === 'running') {
      this.#options.log.info({ worker: place.number, pid: place.worker?.pid }, 'the worker is ready again');
    }
    if (this.#phase !== 'starting') return;
    for (const other of this.#places) if (!other.worker) this.#fork(other);
    if (this.readyCount < this.#places.length) return;
    this.#phase = 'running';
    this.#started.resolve(this.#text);
  }

  #gone(place: Place, how: string): void {
    const { number, worker, readyAt } = place;
    place.worker = undefined;
    place.readyAt = undefined;
    this.#metrics.gone(number);
    if (this.#phase === 'stopping') this.#endWhereNoneIsLeft();
    else if (this.#phase === 'starting') this.#fail(`Worker ${number} ended (${how}) before it was ready.`);
    else this.#startAgain(place, { how, pid: worker?.pid, readyAt });
  }

  #startAgain(place: Place, { how, pid, readyAt }: Ended): void {
    const { clock, scheduler, log } = this.#options;
    const { number } = place;
    const readyMs = readyAt === undefined ? undefined : clock.monotonic() - readyAt;
    const delayMs = this.#restarts.ended({ number, readyMs });
    if (this.#restarts.isHopeless(this.readyCount)) {
      this.#fail(`No worker is left, and none can be started: worker ${number} ended (${how}) before it was ready.`);
      return;
    }
    log.error({ worker: number, pid, how, delayMs }, 'a worker ended; it is started again');
    const again = (): void => {
      this.#waiting.delete(number);
      this.#restarted += 1;
      this.#fork(place);
    };
    this.#waiting.set(number, scheduler.after(delayMs, again));
  }

  #fail(message: string): void {
    this.#failure = new WorkersEndedError(message);
    this.stop();
  }

  #endWhereNoneIsLeft(): void {
    if (this.#places.some(({ worker }) => worker !== undefined)) return;
    if (this.#failure) {
      // Whoever waits for one of them hears of it; nobody need wait for both.
      this.#ended.promise.catch(() => undefined);
      this.#started.promise.catch(() => undefined);
      this.#started.reject(this.#failure);
      this.#ended.reject(this.#failure);
    } else {
      this.#started.resolve(undefined);
      this.#ended.resolve();
    }
  }
}
