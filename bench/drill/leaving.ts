import { setTimeout as pause } from 'node:timers/promises';

import { type Reader, type Seen, nothingSeen } from './readers.ts';
import type { Site } from './site.ts';

/** A client that is gone. */
export interface Left {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly leftAt: number;
  readonly seen: Seen;
}

/** When a client goes: so many milliseconds after it asked, or after so many pieces of text. */
export type Moment = { readonly afterMs: number } | { readonly afterTexts: number };

const STREAM_LIMIT_MS = 5000;
const POLL_MS = 5;

/** Asks, and leaves at that moment, as an app does whose user has closed the page. */
export async function leave(read: Reader, model: string, moment: Moment): Promise<Left> {
  const controller = new AbortController();
  const texts = Promise.withResolvers<void>();
  const seen = nothingSeen();
  if ('afterTexts' in moment) {
    let count = 0;
    seen.onText = () => {
      count += 1;
      if (count === moment.afterTexts) texts.resolve();
    };
  }
  const startedAt = Date.now();
  const ended = read({ model, prompt: 'Tell me more than I can read.', signal: controller.signal }, seen).catch(
    () => {},
  );
  const due = 'afterTexts' in moment ? Promise.race([texts.promise, pause(STREAM_LIMIT_MS)]) : pause(moment.afterMs);
  await due;
  const leftAt = Date.now();
  controller.abort();
  await ended;
  return { startedAt, leftAt, seen };
}

/** Milliseconds from leaving until the upstream saw so many more aborts; undefined where it did not within the limit. */
export async function abortSeenAfter(
  site: Site,
  upstream: string,
  { aborted }: { readonly aborted: number },
  leftAt: number,
  limitMs = 2000,
): Promise<number | undefined> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const stats = await site.stats(upstream);
    const [newest] = stats.aborts.slice(-1);
    if (stats.aborted > aborted && newest) return Math.max(0, Date.parse(newest.at) - leftAt);
    await pause(POLL_MS);
  }
  return undefined;
}
