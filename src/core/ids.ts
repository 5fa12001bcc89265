import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** @returns where so many random bytes stand in the pool, which nobody else has */
function takeRandom(bytes: number): number {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += bytes;
  return start;
}

const TIME_BYTES = 6;
const MOST_MS = 2 ** (8 * TIME_BYTES) - 1;
const traceId = Buffer.alloc(16);
/** Requests often come several in a millisecond. */
let lastMs: number | undefined;

/**
 * A new trace id: 32 lower-case hex digits that sort by time.
 *
 * The layout is UUIDv7 without dashes, so it is a valid W3C trace id as well. It is made in one piece: a text that was put
 * together of several makes JSON that holds it cost three times as much.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function newTraceId(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    traceId.writeUIntBE(wholeMs(nowMs), 0, TIME_BYTES);
  }
  const start = takeRandom(traceId.length - TIME_BYTES);
  pool.copy(traceId, TIME_BYTES, start, start + traceId.length - TIME_BYTES);
  traceId[6] = 0x70 | ((traceId[6] ?? 0) & 0x0f);
  traceId[8] = 0x80 | ((traceId[8] ?? 0) & 0x0f);
  return traceId.toString('hex');
}

/** What a clock says that is wrong must not end a request. */
function wholeMs(nowMs: number): number {
  return Math.min(MOST_MS, Math.max(0, Math.trunc(nowMs) || 0));
}

/** A short opaque id with a readable prefix, e.g. `key_3f9c…` (96 random bits). */
export function newId(prefix: string): string {
  const start = takeRandom(12);
  return `${prefix}_${pool.toString('hex', start, start + 12)}`;
}
