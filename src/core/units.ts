const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const SIZE = /^(\d+(?:\.\d+)?)(B|KB|MB|GB)$/;

const RATE = /^(\d+)\/(\d+(?:\.\d+)?(?:ms|s|m|h|d))$/;

const DURATION_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_BYTES = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;

export const HOUR_MS = DURATION_MS.h;
export const DAY_MS = DURATION_MS.d;

/** So many in any window of time. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

/** `500ms`, `10s`, `1h` → milliseconds; `undefined` where it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * DURATION_MS[match[2] as keyof typeof DURATION_MS];
}

/** `10MB`, `512KB` → bytes (1 KB = 1024 B); `undefined` where it is not a size. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  return Math.floor(Number(match[1]) * SIZE_BYTES[match[2] as keyof typeof SIZE_BYTES]);
}

/** `500/1m` → 500 in 60,000 milliseconds; `undefined` where it is not a rate above 0. */
export function parseRate(text: string): Rate | undefined {
  const [, count, window] = RATE.exec(text) ?? [];
  const windowMs = parseDuration(window ?? '');
  return windowMs && Number(count) > 0 ? { count: Number(count), windowMs } : undefined;
}

/** 60,000 → `1m`: the largest unit in which it is whole. */
export function durationText(ms: number): string {
  const units = Object.entries(DURATION_MS).toReversed();
  const [unit, size] = units.find(([, one]) => ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
