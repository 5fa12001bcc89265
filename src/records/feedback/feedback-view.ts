import { type Static, Type } from 'typebox';

import { FeedbackView } from '../traces/view-schema.ts';
import type { FeedbackRow } from './feedback.ts';

const orNull = Type.Union([Type.String(), Type.Null()]);

/** As it stands on its trace. */
export function viewOf(row: FeedbackRow): FeedbackView {
  return {
    author: row.author,
    thumb: row.thumb,
    score: row.score,
    comment: row.comment,
    tags: row.tags ?? [],
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** The same by itself. */
export const ListedFeedbackView = Type.Object({
  trace_id: Type.String(),
  project: orNull,
  ...FeedbackView.properties,
});
export const FeedbackList = Type.Object({
  data: Type.Array(ListedFeedbackView),
  next: Type.Union([Type.String({ description: 'The `cursor` of the next page' }), Type.Null()]),
});

export function listedViewOf(row: FeedbackRow): Static<typeof ListedFeedbackView> {
  return { trace_id: row.traceId, project: row.project, ...viewOf(row) };
}
