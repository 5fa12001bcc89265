import { type Query, invalid, readLimit, readPeriod, readText, refuseUnknown } from '../traces/trace-query.ts';
import type { EventFilter, EventPosition } from './event-store.ts';
import { EVENT_KINDS, SEVERITIES } from './event.ts';

export interface EventListing {
  readonly filter: EventFilter;
  readonly limit: number;
  readonly after: EventPosition | undefined;
}

const PARAMETERS = ['kind', 'severity', 'subject', 'since', 'limit', 'cursor'];
/** Beyond this the database has no dates. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/** @throws request_invalid with the parameter at fault and what would be right */
export function readEventListing(query: Query): EventListing {
  refuseUnknown(query, PARAMETERS);
  return {
    filter: {
      kind: readWord(query, 'kind', Object.keys(EVENT_KINDS)),
      severity: readWord(query, 'severity', SEVERITIES),
      subject: readText(query, 'subject'),
      since: readPeriod(query).since,
    },
    limit: readLimit(query),
    after: readPosition(query),
  };
}

/** Opaque to clients: where the last one of a page stands. */
export function positionCursor({ at, id }: EventPosition): string {
  return Buffer.from(`${at.getTime()}.${id}`).toString('base64url');
}

/** @throws request_invalid */
export function readPosition(query: Query): EventPosition | undefined {
  const value = readText(query, 'cursor');
  if (value === undefined) return undefined;
  const parts = /^(\d{1,15})\.(\w{1,64})$/.exec(Buffer.from(value, 'base64url').toString());
  const [, ms, id] = parts ?? [];
  if (id === undefined || Number(ms) > LATEST_MS) throw invalid('cursor', 'must be the `next` of an earlier page');
  return { at: new Date(Number(ms)), id };
}

function readWord(query: Query, name: string, words: readonly string[]): string | undefined {
  const value = readText(query, name);
  if (value === undefined || words.includes(value)) return value;
  throw invalid(name, `must be one of ${words.join(', ')}`);
}
