import type { Attempt } from '../../../core/attempts.ts';
import { ERRORS } from '../../../core/errors.ts';
import { Average, PeakAverage } from './average.ts';

/** What was learned lately. */
const AVERAGE_MS = 60_000;
const PEAK_MS = 30_000;
/** Fewer samples, or older ones, tell little. */
const ENOUGH = 5;
const FRESH_MS = 10 * 60_000;
/** Where there is no sample to take twice of. */
const UNKNOWN_FAILURE_MS = 1000;

/** How long answers take: until their first token where they are streamed, until their end where they are whole. */
export type Manner = 'streamed' | 'whole';

interface Times {
  readonly average: Average;
  readonly peak: PeakAverage;
}

/** How one target does, as this process sees it. Times are milliseconds. */
export class TargetSignals {
  /** Attempts that have not ended. */
  inFlight = 0;
  readonly #times: Readonly<Record<Manner, Times>> = { streamed: newTimes(), whole: newTimes() };

  opened(): void {
    this.inFlight += 1;
  }

  /** @param at monotonic milliseconds */
  closed({ sentAt, firstContentAt, closing }: Attempt, manner: Manner, at: number): void {
    // One that was forgotten meanwhile, as too many have names, begins anew.
    this.inFlight = Math.max(0, this.inFlight - 1);
    if (sentAt === undefined || !closing) return;
    const times = this.#times[manner];
    const tookMs = (manner === 'streamed' ? (firstContentAt ?? at) : at) - sentAt;
    // Who left in the middle of a stream saw how long it began.
    if (closing.outcome === 'completed' || (manner === 'streamed' && firstContentAt !== undefined)) {
      times.average.add(tookMs, at);
      times.peak.add(tookMs, at);
    } else if (closing.outcome === 'aborted') {
      // Who gave it up waited at least so long.
      if (tookMs > (times.peak.valueAt(at) ?? Number.POSITIVE_INFINITY)) times.peak.add(tookMs, at);
    } else if (closing.errorCode && ERRORS[closing.errorCode].origin === 'provider') {
      // A target that fails at once must not look like a fast one.
      times.peak.add(Math.max(tookMs, 2 * (times.peak.valueAt(at) ?? UNKNOWN_FAILURE_MS)), at);
    }
  }

  averageMs(manner: Manner): number | undefined {
    return this.#times[manner].average.value;
  }

  peakMs(manner: Manner, at: number): number | undefined {
    return this.#times[manner].peak.valueAt(at);
  }

  samples(manner: Manner): number {
    return this.#times[manner].average.samples;
  }

  /** Whether its average says what it is like now. */
  isKnown(manner: Manner, at: number): boolean {
    const { average } = this.#times[manner];
    return average.samples >= ENOUGH && at - average.at < FRESH_MS;
  }
}

function newTimes(): Times {
  return { average: new Average(AVERAGE_MS), peak: new PeakAverage(PEAK_MS) };
}
