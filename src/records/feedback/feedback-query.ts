import { LATEST_MS } from '../../storage/database/storable.ts';
import {
  type Query,
  invalid,
  readLimit,
  readPeriod,
  readText,
  readTextCursor,
  refuseUnknown,
  textCursor,
} from '../listing/query.ts';
import type { FeedbackFilter, FeedbackPosition } from './feedback-store.ts';

export interface FeedbackListing {
  readonly filter: FeedbackFilter;
  readonly limit: number;
  readonly after: FeedbackPosition | undefined;
}

const PARAMETERS = ['project', 'thumb', 'tag', 'since', 'until', 'limit', 'cursor'];

/** @throws request_invalid with the parameter at fault and what would be right */
export function readFeedbackListing(query: Query): FeedbackListing {
  refuseUnknown(query, PARAMETERS);
  const thumb = readText(query, 'thumb');
  if (thumb !== undefined && thumb !== 'up' && thumb !== 'down') throw invalid('thumb', 'must be up or down');
  const names = { project: readText(query, 'project'), tag: readText(query, 'tag') };
  return { filter: { ...names, thumb, ...readPeriod(query) }, limit: readLimit(query), after: readPosition(query) };
}

/** Opaque to clients: where the last one of a page stands. */
export function feedbackCursor({ updatedAt, traceId, author }: FeedbackPosition): string {
  return textCursor(`${updatedAt.getTime()}.${traceId}.${author}`);
}

function readPosition(query: Query): FeedbackPosition | undefined {
  const text = readTextCursor(query);
  if (text === undefined) return undefined;
  const [, ms, traceId, author] = /^(\d{1,15})\.([\da-f]{32})\.([^\0]{1,600})$/s.exec(text) ?? [];
  if (traceId === undefined || author === undefined || Number(ms) > LATEST_MS) {
    throw invalid('cursor', 'must be the `next` of an earlier page');
  }
  return { updatedAt: new Date(Number(ms)), traceId, author };
}
