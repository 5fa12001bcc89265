import { crc32 } from 'node:zlib';

/** Up to this part of its size a journal keeps all texts; from there on those of fewer and fewer records … */
const ALL_TEXTS = 0.5;
/** … and from here on none. */
const NO_TEXTS = 0.8;

/** Part of the records whose texts are kept, 0 to 1, in a journal that is full to this part of its size. */
export function keptShare(fill: number): number {
  return Math.min(1, Math.max(0, (NO_TEXTS - fill) / (NO_TEXTS - ALL_TEXTS)));
}

/** Where a trace stands between 0 and 1: the same everywhere, and evenly for all. */
export function placeOf(traceId: string): number {
  return crc32(traceId) / 2 ** 32;
}
