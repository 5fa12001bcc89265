import type { Attempt } from '../../../core/attempts.ts';
import { ERRORS } from '../../../core/errors.ts';
import { Average, PeakAverage } from './average.ts';

/** What was learned lately. */
const AVERAGE_MS = 60_000;
const PEAK_MS = 30_000;
/** Fewer samples, or older ones, tell little. */
const ENOUGH = 5;
const FRESH_MS = 10 * 60_000;
/** Where there is no answer to take twice of. */
const UNKNOWN_FAILURE_MS = 2000;
/** A failure alone never makes a target look slower: it is to be asked again when it is well. */
const MOST_FAILURE_MS = 60_000;

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
      times.peak.add(Math.max(tookMs, failureMs(times.average.value)), at);
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

/** Twice as long as its answers take, however many fail. */
function failureMs(averageMs: number | undefined): number {
  if (averageMs === undefined) return UNKNOWN_FAILURE_MS;
  return Math.max(averageMs, Math.min(MOST_FAILURE_MS, 2 * averageMs));
}

function newTimes(): Times {
  return { average: new Average(AVERAGE_MS), peak: new PeakAverage(PEAK_MS) };
}
