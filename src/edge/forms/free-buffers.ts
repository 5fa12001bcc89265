import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What may lie dead before it is freed. */
const DEAD_BYTES = 8 * 1024 ** 2;

let passed = 0;
let collectYoung: (() => void) | undefined;

/**
 * Tells how many bytes were passed on in buffers that nobody needs any longer. V8 lets 64 MB of such buffers lie, since
 * their handles are small, and then searches its whole heap for them, for tens of milliseconds each time. All of
 * them are young: freeing these alone, and sooner, takes two, and the process grows no larger than what is on its way.
 */
export function passedOn(bytes: number): void {
  passed += bytes;
  if (passed < DEAD_BYTES) return;
  passed = 0;
  collectYoung ??= findCollector();
  collectYoung();
}

/** V8 shows its collector only to contexts that are made while the flag is set. */
function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('globalThis.gc') as ((how: object) => void) | undefined;
  setFlagsFromString('--no-expose-gc');
  return () => gc?.({ type: 'minor', execution: 'sync' });
}
