import type { JsonObject } from './json.ts';

const EXPECTED = new WeakSet<JsonObject>();

/**
 * Says that what is asked may well be asked again, and is the same object then (`CallBody.comesAgain`): what is worked
 * out of it is worth keeping by it. Of what comes once that would cost more than it saves.
 */
export function expectSame(asked: JsonObject): void {
  EXPECTED.add(asked);
}

export function isExpected(asked: JsonObject): boolean {
  return EXPECTED.has(asked);
}
