import { type Query, invalid, readLimit, readPeriod, readPosition, readText, refuseUnknown } from '../listing/query.ts';
import type { ListPosition } from '../../storage/database/list-position.ts';
import type { EventFilter } from './event-store.ts';
import { EVENT_KINDS, SEVERITIES } from './event.ts';

export interface EventListing {
  readonly filter: EventFilter;
  readonly limit: number;
  readonly after: ListPosition | undefined;
}

const PARAMETERS = ['kind', 'severity', 'subject', 'since', 'until', 'limit', 'cursor'];

/** @throws request_invalid with the parameter at fault and what would be right */
export function readEventListing(query: Query): EventListing {
  refuseUnknown(query, PARAMETERS);
  return {
    filter: {
      kind: readWord(query, 'kind', Object.keys(EVENT_KINDS)),
      severity: readWord(query, 'severity', SEVERITIES),
      subject: readText(query, 'subject'),
      ...readPeriod(query),
    },
    limit: readLimit(query),
    after: readPosition(query),
  };
}

function readWord(query: Query, name: string, words: readonly string[]): string | undefined {
  const value = readText(query, name);
  if (value === undefined || words.includes(value)) return value;
  throw invalid(name, `must be one of ${words.join(', ')}`);
}
