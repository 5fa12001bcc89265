import { type TimeHistogram, addHistogram, countTime, newHistogram } from './time-histogram.ts';

/** What one request says of its model. */
export interface RequestFacts {
  readonly isError: boolean;
  /** Undefined where nothing was asked of a target. */
  readonly latencyMs: number | undefined;
  readonly ttftMs: number | undefined;
}

/** The requests of a time. */
export interface RequestSums {
  readonly requests: number;
  readonly errors: number;
  readonly latency: TimeHistogram;
  readonly ttft: TimeHistogram;
}

interface Slice {
  /** The number of its time; what has another one is old. */
  number: number;
  requests: number;
  errors: number;
  readonly latency: TimeHistogram;
  readonly ttft: TimeHistogram;
}

/** A window moves on by a twelfth of itself. */
const SLICES = 12;

/** The requests of the last so many milliseconds, and of up to a twelfth more. */
export class RequestWindow {
  readonly #sliceMs: number;
  readonly #slices: (Slice | undefined)[] = Array.from({ length: SLICES + 1 }, () => undefined);

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  /** @param nowMs monotonic */
  add({ isError, latencyMs, ttftMs }: RequestFacts, nowMs: number): void {
    const slice = this.#sliceAt(Math.floor(nowMs / this.#sliceMs));
    slice.requests += 1;
    if (isError) slice.errors += 1;
    if (latencyMs !== undefined) countTime(slice.latency, latencyMs);
    if (ttftMs !== undefined) countTime(slice.ttft, ttftMs);
  }

  sums(nowMs: number): RequestSums {
    const now = Math.floor(nowMs / this.#sliceMs);
    const sums = { requests: 0, errors: 0, latency: newHistogram(), ttft: newHistogram() };
    for (const slice of this.#slices) {
      if (!slice || slice.number < now - SLICES) continue;
      sums.requests += slice.requests;
      sums.errors += slice.errors;
      addHistogram(sums.latency, slice.latency);
      addHistogram(sums.ttft, slice.ttft);
    }
    return sums;
  }

  #sliceAt(number: number): Slice {
    const at = number % this.#slices.length;
    let slice = this.#slices[at];
    if (!slice) {
      slice = { number, requests: 0, errors: 0, latency: newHistogram(), ttft: newHistogram() };
      this.#slices[at] = slice;
    } else if (slice.number !== number) {
      Object.assign(slice, { number, requests: 0, errors: 0 });
      slice.latency.fill(0);
      slice.ttft.fill(0);
    }
    return slice;
  }
}
