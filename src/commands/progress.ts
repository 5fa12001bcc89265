import { systemClock } from '../core/clock.ts';
import type { Progress } from '../work/replay/replay.ts';

const TELL_EVERY_MS = 2000;

/** For work that takes a while. @param isQuiet only where a person looks on */
export function progressOn(stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>, isQuiet: boolean): Progress {
  let toldAt = systemClock.monotonic();
  return (phase, requests) => {
    const now = systemClock.monotonic();
    if (now - toldAt < TELL_EVERY_MS || (isQuiet && !stream.isTTY)) return;
    toldAt = now;
    stream.write(`${phase}: ${requests} requests\n`);
  };
}
