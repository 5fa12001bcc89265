import { useEffect, useSyncExternalStore } from 'react';

interface Made {
  readonly key: string | undefined;
  /** It stands in the guide now, so that it need not stand elsewhere. */
  readonly inGuide: boolean;
}

let made: Made = { key: undefined, inGuide: false };
const listeners = new Set<() => void>();

function change(part: Partial<Made>): void {
  made = { ...made, ...part };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A key that is never shown again outlives the guide, which goes as soon as the first request is there. */
export function keepMadeKey(key: string): void {
  change({ key });
}

/** Somebody has kept it, or somebody else signs in. */
export function forgetMadeKey(): void {
  change({ key: undefined });
}

export function useMadeKey(): Made {
  return useSyncExternalStore(subscribe, () => made);
}

/** For the guide: says that the key stands there. */
export function useKeyInGuide(): string | undefined {
  useEffect(() => {
    change({ inGuide: true });
    return () => change({ inGuide: false });
  }, []);
  return useMadeKey().key;
}
