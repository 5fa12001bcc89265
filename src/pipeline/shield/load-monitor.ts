import type { Clock } from '../../core/clock.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import {
  LOAD_SIGNALS,
  type LoadSample,
  type LoadSignal,
  NO_PRESSURE,
  PressureGauge,
  type Pressures,
  SAMPLE_EVERY_MS,
} from './pressure.ts';
import type { SheddingSettings } from './settings.ts';

export interface LoadMonitorDeps {
  readonly sample: () => LoadSample;
  readonly settings: () => SheddingSettings;
  readonly scheduler: Scheduler;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Requests begin to be refused, or no longer are. */
  readonly onChange?: (change: LoadChange) => void;
}

export interface LoadChange {
  readonly overloaded: boolean;
  /** What presses most, or did when it began. */
  readonly signal: LoadSignal;
  /** How long the overload lasted, milliseconds; 0 at its beginning. */
  readonly lastedMs: number;
}

/**
 * An overload that lasts is ended: while a turn of the loop is long, many requests are inside at once, and each costs
 * more than it does otherwise; a process that refused no more than it has to would stay there with a load that it could
 * well serve. So every {@link HALVED_MS} half of the delay is enough to refuse, down to {@link LEAST_SHARE} of what is
 * set, until nothing presses any more.
 */
const HALVED_MS = 4000;
const LEAST_SHARE = 1 / 4;
/**
 * Where the delay is less than what is set, and that did not end it either, what is set counts again: not all that makes
 * turns long is what can be refused.
 */
const TRIED_MS = 60_000;

/** Measures the process beside the request path; on it `pressure` is one field to read. */
export class LoadMonitor {
  /** 0 to 1; 0 where there is nothing to shed. */
  pressure = 0;
  #pressures = NO_PRESSURE;
  #gauge = new PressureGauge();
  /** Of the running overload; undefined where there is none. */
  #begun: { readonly at: number; readonly signal: LoadSignal } | undefined;
  /** Since when the delay alone is enough to refuse something, monotonic milliseconds. */
  #lateSince: number | undefined;
  #cancel: () => void = () => {};
  readonly #deps: LoadMonitorDeps;

  constructor(deps: LoadMonitorDeps) {
    this.#deps = deps;
    this.#tick();
  }

  /** By signal, for metrics. */
  get pressures(): Pressures {
    return this.#pressures;
  }

  /** How long requests have been refused without a break, milliseconds. */
  get lastedMs(): number {
    return this.#begun === undefined ? 0 : this.#deps.clock.monotonic() - this.#begun.at;
  }

  close(): void {
    this.#cancel();
  }

  #tick(): void {
    const { sample, settings, scheduler } = this.#deps;
    const rules = settings();
    if (rules.enabled) {
      const taken = sample();
      if (taken.eventLoopDelayMs < rules.eventLoopDelay && this.#lateMs >= TRIED_MS) this.#lateSince = undefined;
      this.#set(this.#gauge.take(taken, { ...rules, eventLoopDelay: rules.eventLoopDelay * this.#share }));
    } else if (this.#pressures !== NO_PRESSURE) {
      this.#gauge = new PressureGauge();
      this.#set(NO_PRESSURE);
    }
    this.#cancel = scheduler.after(SAMPLE_EVERY_MS, () => this.#tick());
  }

  get #lateMs(): number {
    return this.#lateSince === undefined ? 0 : this.#deps.clock.monotonic() - this.#lateSince;
  }

  get #share(): number {
    return Math.max(LEAST_SHARE, 2 ** (-this.#lateMs / HALVED_MS));
  }

  #set(pressures: Pressures): void {
    this.#pressures = pressures;
    this.#lateSince = pressures['event-loop'] > 0 ? (this.#lateSince ?? this.#deps.clock.monotonic()) : undefined;
    this.pressure = Math.max(...LOAD_SIGNALS.map((signal) => pressures[signal]));
    if (this.pressure > 0 && this.#begun === undefined) {
      const signal = LOAD_SIGNALS.find((one) => pressures[one] === this.pressure) ?? 'event-loop';
      this.#begun = { at: this.#deps.clock.monotonic(), signal };
      this.#deps.onChange?.({ overloaded: true, signal, lastedMs: 0 });
    } else if (this.pressure === 0 && this.#begun !== undefined) {
      const { signal } = this.#begun;
      const { lastedMs } = this;
      this.#begun = undefined;
      this.#deps.onChange?.({ overloaded: false, signal, lastedMs });
    }
  }
}
