import { useSyncExternalStore } from 'react';

/** So far the beat lags behind the clock at most. */
export const BEAT_MS = 15_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function beat(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(beat, BEAT_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, often enough for what says how long ago something was; the same for the whole page. */
export function useBeat(): number {
  return useSyncExternalStore(subscribe, () => now);
}
