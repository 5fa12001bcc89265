import { RE2JS } from 're2js';

import { parseJson } from '../../../../core/json.ts';
import type { CascadePolicy } from '../../../../core/routing.ts';

type Validator = CascadePolicy['validator'];

/** A pattern is looked for in so many characters from the beginning. */
const MOST_SEARCHED = 100_000;

/** Made ready once for all requests with the same settings. */
interface Ready {
  readonly pattern: RE2JS | undefined;
  readonly without: readonly string[];
}

const READY = new WeakMap<Validator, Ready>();

/** Whether a text is all that is asked of it. */
export function isValid(text: string, validator: Validator): boolean {
  const { json, minChars } = validator;
  const { pattern, without } = readyOf(validator);
  if (minChars !== undefined && text.length < minChars) return false;
  if (json && parseJson(text) === undefined) return false;
  if (pattern && !pattern.matcher(text.slice(0, MOST_SEARCHED)).find()) return false;
  if (without.length === 0) return true;
  const lower = text.toLowerCase();
  return !without.some((words) => lower.includes(words));
}

function readyOf(validator: Validator): Ready {
  let ready = READY.get(validator);
  if (!ready) {
    const { matches, without } = validator;
    ready = {
      pattern: matches === undefined ? undefined : RE2JS.compile(matches),
      without: without.map((words) => words.toLowerCase()),
    };
    READY.set(validator, ready);
  }
  return ready;
}
