import type { IncomingHttpHeaders } from 'node:http';

import { badHeader } from '../core/bad-header.ts';
import { PREFERENCES, type Preference } from '../core/routing.ts';
import { type JsonObject, isJsonObject, parseJson } from '../core/json.ts';
import { cacheModeOf, cacheTagsOf } from '../pipeline/cache/request-mode.ts';

/** What a client says in `x-causeway-*` headers, for any dialect. */
export interface RequestHints {
  readonly user: string | undefined;
  readonly conversationId: string | undefined;
  readonly priority: number | undefined;
  readonly prefer: Preference | undefined;
  readonly metadata: JsonObject | undefined;
}

/** A day; also keeps the timer inside the 31 bits that it has. */
const MAX_TIMEOUT_MS = 86_400_000;
const TIMEOUT_HEADER = 'x-causeway-timeout-ms';

/** @throws request_invalid where a header cannot be read, with its name as `param` */
export function readHints(headers: IncomingHttpHeaders): RequestHints {
  if (text(headers, TIMEOUT_HEADER) !== undefined && timeoutMs(headers) === undefined) {
    throw badHeader(TIMEOUT_HEADER, `a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`);
  }
  // Read again where they are acted on; a wrong one is refused on every model alike.
  cacheModeOf(headers);
  cacheTagsOf(headers);
  return {
    user: text(headers, 'x-causeway-user'),
    conversationId: text(headers, 'x-causeway-conversation'),
    priority: priority(headers),
    prefer: preference(headers),
    metadata: metadata(headers),
  };
}

/** The time that the client allows, in milliseconds; undefined where the header is absent or not readable. */
export function timeoutMs(headers: IncomingHttpHeaders): number | undefined {
  const value = text(headers, TIMEOUT_HEADER);
  if (value === undefined || !/^\d{1,8}$/.test(value)) return undefined;
  const ms = Number(value);
  return ms >= 1 && ms <= MAX_TIMEOUT_MS ? ms : undefined;
}

function priority(headers: IncomingHttpHeaders): number | undefined {
  const value = text(headers, 'x-causeway-priority');
  if (value === undefined) return undefined;
  if (!/^\d$/.test(value)) throw badHeader('x-causeway-priority', 'a digit from 0 to 9 (9 goes first)');
  return Number(value);
}

function preference(headers: IncomingHttpHeaders): Preference | undefined {
  const value = text(headers, 'x-causeway-prefer');
  if (value === undefined) return undefined;
  const known = PREFERENCES.find((one) => one === value);
  if (known === undefined) throw badHeader('x-causeway-prefer', `one of ${PREFERENCES.join(', ')}`);
  return known;
}

function metadata(headers: IncomingHttpHeaders): JsonObject | undefined {
  const value = text(headers, 'x-causeway-metadata');
  if (value === undefined) return undefined;
  const parsed = parseJson(value);
  if (isJsonObject(parsed)) return parsed;
  throw badHeader('x-causeway-metadata', 'a JSON object, such as {"team": "search"}');
}

/** Node joins what comes twice with a comma; an empty value counts as not sent. */
function text(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
