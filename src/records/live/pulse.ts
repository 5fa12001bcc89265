import type { CallRecord } from '../journal/record.ts';

/** What this process does at the moment. */
export interface PulseReading {
  readonly in_flight: number;
  readonly requests_per_second: number;
  readonly errors_per_second: number;
}

/** Counts calls as they begin and end: three numbers, so that it costs a call next to nothing. */
export class Pulse {
  #inFlight = 0;
  #ended = 0;
  #failed = 0;
  #before: { readonly at: number; readonly ended: number; readonly failed: number } | undefined;

  /** A call began, or ended. */
  inFlight(change: 1 | -1): void {
    this.#inFlight += change;
  }

  observe({ status }: Pick<CallRecord, 'status'>): void {
    this.#ended += 1;
    if (status === 'failed') this.#failed += 1;
  }

  /** The rates are those since the reading before. @param now of a clock that never goes back, in milliseconds */
  read(now: number): PulseReading {
    const { at, ended, failed } = this.#before ?? { at: now, ended: this.#ended, failed: this.#failed };
    const seconds = (now - at) / 1000;
    const rate = (count: number): number => (seconds > 0 ? Math.round((count / seconds) * 100) / 100 : 0);
    this.#before = { at: now, ended: this.#ended, failed: this.#failed };
    return {
      in_flight: this.#inFlight,
      requests_per_second: rate(this.#ended - ended),
      errors_per_second: rate(this.#failed - failed),
    };
  }

  /** The next reading begins anew: nobody looked for a while. */
  rest(): void {
    this.#before = undefined;
  }
}
