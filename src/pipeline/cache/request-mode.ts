import type { Call } from '../../core/call.ts';
import { badHeader } from '../../core/bad-header.ts';

type Headers = Call['headers'];

/** The header in which a client says what the caches may do for its request. */
export const CACHE_HEADER = 'x-causeway-cache';
/** The header in which it names what the answer can be deleted by. */
const TAGS_HEADER = 'x-causeway-cache-tags';

/**
 * `bypass`: neither looked up nor kept. `refresh`: the model is asked, and its answer kept in place of the one before.
 * `only`: an answer that is kept, or none.
 */
const MODES = ['bypass', 'refresh', 'only'] as const;
export type CacheMode = (typeof MODES)[number];

const MOST_TAGS = 16;
const LONGEST_TAG = 64;
const NO_TAGS: readonly string[] = [];

/** Undefined where the client says nothing. @throws request_invalid */
export function cacheModeOf(headers: Headers): CacheMode | undefined {
  const value = headers[CACHE_HEADER];
  if (value === undefined || value === '') return undefined;
  const mode = MODES.find((one) => one === value);
  if (mode) return mode;
  throw badHeader(CACHE_HEADER, `one of ${MODES.join(', ')}`);
}

/** Names of things that the answer depends on, such as a document. @throws request_invalid */
export function cacheTagsOf(headers: Headers): readonly string[] {
  const value = headers[TAGS_HEADER];
  if (value === undefined || value === '') return NO_TAGS;
  const text = readText(typeof value === 'string' ? value : value.join(','));
  const tags = text.split(',').map((tag) => tag.trim());
  if (tags.length <= MOST_TAGS && tags.every((tag) => tag !== '' && tag.length <= LONGEST_TAG)) {
    return [...new Set(tags)];
  }
  throw badHeader(TAGS_HEADER, `at most ${MOST_TAGS} names of 1 to ${LONGEST_TAG} characters, with commas between`);
}

/** Headers are read byte by byte; clients that send other scripts send them as UTF-8. */
function readText(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
}
