import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + bytes);
  used += bytes;
  return hex;
}

/** Requests often come several in a millisecond. */
let lastMs: number | undefined;
let lastTime = '';

/**
 * A new trace id: 32 lower-case hex digits that sort by time.
 *
 * The layout is UUIDv7 without dashes, so it is a valid W3C trace id as well.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function newTraceId(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastTime = nowMs.toString(16).padStart(12, '0');
  }
  const random = randomHex(10);
  return `${lastTime}7${random.slice(0, 3)}8${random.slice(3, 18)}`;
}

/** A short opaque id with a readable prefix, e.g. `key_3f9c…` (96 random bits). */
export function newId(prefix: string): string {
  return `${prefix}_${randomHex(12)}`;
}
