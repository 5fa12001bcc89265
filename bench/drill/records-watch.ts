import { setTimeout as pause } from 'node:timers/promises';

import { machineMs } from './records-clock.ts';
import { type Waiting, readWaiting } from './records-state.ts';
import { quantile } from './verdict.ts';

/** The most that was seen of any replica's journal in a part of the time. */
export interface WatchedPart {
  readonly records: number;
  readonly bytes: number;
  readonly oldestAgeMs: number;
  /** Of the request threads: the highest of the 99th percentiles of a second each. */
  readonly lagP99Ms: number;
  /** The median of them. */
  readonly lagP99MedianMs: number;
  readonly dropped: number;
  /** When the oldest record that waited, at any replica, was last older than a second; machine's clock. */
  readonly behindUntil: number | undefined;
}

export interface Watch {
  /** From now on these replicas. */
  aim(urls: readonly string[]): void;
  /** What was seen since the last call. */
  take(): WatchedPart;
  stop(): Promise<void>;
}

interface SeenWaiting extends Waiting {
  readonly at: number;
}

const EVERY_MS = 1000;
const BEHIND_MS = 1000;

/** Reads the metrics of all replicas once a second; nobody else may, since a reading of the lag begins it anew. */
export function watchWaiting(first: readonly string[]): Watch {
  let urls = first;
  let seen: SeenWaiting[] = [];
  const end = new AbortController();
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await pause(EVERY_MS, undefined, { signal: end.signal }).catch(() => undefined);
      for (const url of urls) {
        // One that is on its way out says nothing.
        const waiting = await readWaiting(url).catch(() => undefined);
        if (waiting) seen.push({ ...waiting, at: machineMs() });
      }
    }
  };
  const running = run();
  return {
    aim: (now) => (urls = now),
    take() {
      const part = partOf(seen);
      seen = [];
      return part;
    },
    async stop() {
      end.abort();
      await running;
    },
  };
}

function partOf(seen: readonly SeenWaiting[]): WatchedPart {
  const mostOf = (key: keyof SeenWaiting): number => Math.max(0, ...seen.map((one) => one[key]));
  return {
    records: mostOf('records'),
    bytes: mostOf('bytes'),
    oldestAgeMs: mostOf('oldestAgeMs'),
    lagP99Ms: mostOf('lagP99Ms'),
    lagP99MedianMs: quantile(
      seen.map((one) => one.lagP99Ms),
      0.5,
    ),
    dropped: mostOf('droppedRecords') + mostOf('droppedTexts'),
    behindUntil: seen.findLast(({ oldestAgeMs }) => oldestAgeMs > BEHIND_MS)?.at,
  };
}
