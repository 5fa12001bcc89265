import type { AttemptRecord, CallRecord } from '../journal/record.ts';

/** What the conventions call a failure that has no name. */
export const UNKNOWN_ERROR = '_OTHER';

/** `error.type` of a request; undefined where it did not fail. */
export function errorTypeOf({ status, error }: Pick<CallRecord, 'status' | 'error'>): string | undefined {
  return status === 'failed' ? (error?.code ?? UNKNOWN_ERROR) : undefined;
}

/** `error.type` of an attempt; undefined where it did not fail. */
export function attemptErrorTypeOf({
  outcome,
  errorCode,
}: Pick<AttemptRecord, 'outcome' | 'errorCode'>): string | undefined {
  return outcome === 'failed' ? (errorCode ?? UNKNOWN_ERROR) : undefined;
}

/** Seconds to the first token of an answer that came to its end. */
export function timeToFirstToken({ status, ttftMs }: Pick<CallRecord, 'status' | 'ttftMs'>): number | undefined {
  return ttftMs === undefined || status !== 'completed' ? undefined : ttftMs / 1000;
}

/** Seconds for each token after the first, of the same answers. */
export function timePerOutputToken({
  status,
  ttftMs,
  latencyMs,
  usage,
}: Pick<CallRecord, 'status' | 'ttftMs' | 'latencyMs' | 'usage'>): number | undefined {
  const more = (usage?.outputTokens ?? 0) - 1;
  if (ttftMs === undefined || status !== 'completed' || !(more > 0)) return undefined;
  return Math.max(0, latencyMs - ttftMs) / 1000 / more;
}
