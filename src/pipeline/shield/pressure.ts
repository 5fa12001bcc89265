import type { SheddingSettings } from './settings.ts';

/** What is measured of the process at one moment. */
export interface LoadSample {
  /** Since the sample before, milliseconds: a thread that is late samples late. */
  readonly overMs: number;
  /** How late the request thread was since the sample before, on average, milliseconds. */
  readonly eventLoopDelayMs: number;
  /** Used part of the JavaScript heap's limit, with what stands outside of it. */
  readonly heap: number;
  /** Used part of the container's memory; 0 where there is no limit. */
  readonly container: number;
}

export type LoadSignal = 'event-loop' | 'heap' | 'container';

/** Pressure by signal, 0 to 1 each. */
export type Pressures = Readonly<Record<LoadSignal, number>>;

export const LOAD_SIGNALS: readonly LoadSignal[] = ['event-loop', 'heap', 'container'];

export const NO_PRESSURE: Pressures = { 'event-loop': 0, heap: 0, container: 0 };

/** From where on a value presses, and where the pressure is 1. */
interface Range {
  readonly from: number;
  readonly full: number;
}

/** How often a thread samples that is not late. */
export const SAMPLE_EVERY_MS = 250;
/** Share of such a sample. A single long turn of the event loop must not cross a threshold; memory is steadier. */
const WEIGHTS: Readonly<Record<LoadSignal, number>> = { 'event-loop': 0.2, heap: 0.5, container: 0.5 };
/** Where samples come late, each stands for as many: for no more than two, since one may be a single long turn. */
const MOST_SAMPLES = 2;

/** Smooths samples, and says how far each is from its threshold to its limit. */
export class PressureGauge {
  readonly #smoothed: Record<LoadSignal, number | undefined> = {
    'event-loop': 0,
    heap: undefined,
    container: undefined,
  };

  /** The next sample, in force with the settings of this moment. */
  take(sample: LoadSample, settings: Omit<SheddingSettings, 'enabled'>): Pressures {
    const delay = { from: settings.eventLoopDelay, full: settings.eventLoopDelay * 2 };
    const memory = { from: settings.memory, full: (settings.memory + 1) / 2 };
    const samples = Math.min(MOST_SAMPLES, sample.overMs / SAMPLE_EVERY_MS);
    return {
      'event-loop': delay.from === 0 ? 0 : this.#press('event-loop', sample.eventLoopDelayMs, delay, samples),
      heap: memory.from === 1 ? 0 : this.#press('heap', sample.heap, memory),
      container: memory.from === 1 ? 0 : this.#press('container', sample.container, memory),
    };
  }

  /** What is over the limit counts as the limit: a minute of standstill must not echo for minutes. */
  #press(signal: LoadSignal, value: number, { from, full }: Range, samples = 1): number {
    const bounded = Math.min(value, full);
    const before = this.#smoothed[signal] ?? bounded;
    const smoothed = bounded + (1 - WEIGHTS[signal]) ** samples * (before - bounded);
    this.#smoothed[signal] = smoothed;
    return Math.min(1, Math.max(0, (smoothed - from) / (full - from)));
  }
}
