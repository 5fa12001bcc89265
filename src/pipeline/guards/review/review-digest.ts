import { createHash } from 'node:crypto';

import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { type Json, isJsonObject } from '../../../core/json.ts';

/** Deeper than any request. */
const MOST_DEPTH = 200;

/**
 * Names what a client asks: the same for a request that is sent again, however its JSON is written, and another where
 * anything else differs. Of the client's own bytes, before anything was changed in them.
 * @throws request_invalid where the body is no JSON, or nested too deeply
 */
export function requestDigest({ dialect, operation, endpoint, facts, body }: Call): string {
  const { json, raw } = body;
  // What is known to be JSON is read once more, so that long numbers are not taken for each other.
  const exact = parseExact(raw.toString('utf8'));
  const asked = canonical(isJsonObject(exact) ? exact : json, 0);
  const place = JSON.stringify([dialect, operation, endpoint, facts.model, facts.stream]);
  return createHash('sha256').update(`review 1\n${place}\n`).update(asked).digest('hex');
}

/** Members sorted by name, no white space, escapes undone. */
function canonical(value: Json | undefined, depth: number): string {
  // A long number of an exactly parsed body is a frozen object that is written as the number.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return JSON.stringify(value ?? null);
  if (depth > MOST_DEPTH) {
    throw new GatewayError('request_invalid', { message: 'The body is nested too deeply to be reviewed.' });
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name], depth + 1)}`).join(',')}}`;
}
