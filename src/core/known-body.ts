import type { BodyPatch } from './body-patch.ts';
import type { JsonObject } from './json.ts';
import type { JsonShape } from './json-shape.ts';
import { RecentBytes } from './recent-bytes.ts';

/** A body as it reads with some changes. */
interface Changed {
  readonly changes: readonly BodyPatch[];
  readonly json: JsonObject;
}

/** What was read of a body. Nobody changes it: it is given to every call that sends the same bytes. */
export class KnownBody {
  readonly json: JsonObject;
  readonly shape: JsonShape;
  readonly #changed: Changed[] = [];

  constructor(json: JsonObject, shape: JsonShape) {
    this.json = json;
    this.shape = shape;
  }

  /** The body with changes that it had before, where they are told apart at a glance. */
  with(changes: readonly BodyPatch[]): JsonObject | undefined {
    for (const known of this.#changed) if (areSame(known.changes, changes)) return known.json;
    return undefined;
  }

  keep(changes: readonly BodyPatch[], json: JsonObject): void {
    if (this.#changed.length < MOST_CHANGED && this.with(changes) === undefined) this.#changed.push({ changes, json });
  }
}

/** Models and keys differ in what is changed; more than these would be looked through in vain. */
const MOST_CHANGED = 4;

/** Bodies that came again: what is read of one is read once, and is the same object for all who ask the same. */
export const KNOWN_BODIES = new RecentBytes<KnownBody>();

function areSame(one: readonly BodyPatch[], other: readonly BodyPatch[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (!isSame(one[at], other[at])) return false;
  return true;
}

function isSame(one: BodyPatch | undefined, other: BodyPatch | undefined): boolean {
  if (one === other) return true;
  return one?.op === 'set' && other?.op === 'set' && one.path === other.path && isSameScalar(one.value, other.value);
}

function isSameScalar(one: unknown, other: unknown): boolean {
  return one === other && typeof one !== 'object';
}
