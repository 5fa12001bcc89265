import type { FeedbackView } from './view-schema.ts';

/** What users said of answers; the room of feedback keeps it. */
export interface FeedbackReader {
  /** By trace, the earliest first; traces of which nobody said anything are not in it. @throws storage_unavailable */
  feedbackOf(traceIds: readonly string[]): Promise<ReadonlyMap<string, readonly FeedbackView[]>>;
}
