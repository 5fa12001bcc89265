import assert from 'node:assert/strict';
import { inspect } from 'node:util';

type ErrorClass<E> = abstract new (...args: never[]) => E;

/** What the work throws, which must be of that class. */
export async function thrownBy<E extends Error>(work: Promise<unknown>, kind: ErrorClass<E>): Promise<E> {
  let thrown: unknown;
  try {
    await work;
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown !== undefined, 'nothing was thrown');
  assert.ok(thrown instanceof kind, `threw ${inspect(thrown)}`);
  return thrown;
}
