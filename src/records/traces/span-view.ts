import type { AttemptRecord, SpanRecord } from '../journal/record.ts';
import type { SpanView } from './view-schema.ts';

/** Milliseconds with three decimals: what is finer is noise of the clock. */
export function wholeMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** All that was done for a request, in the order of time; attempts of which no start is known come first. */
export function spansView(attempts: readonly AttemptRecord[], spans: readonly SpanRecord[]): SpanView[] {
  const all = [...attempts.map(ofAttempt), ...spans.map(ofSpan)];
  return all.toSorted((a, b) => (a.start_ms ?? -1) - (b.start_ms ?? -1));
}

const STATUS_OF = { completed: 'ok', failed: 'failed', aborted: 'aborted' } as const;

function ofAttempt(attempt: AttemptRecord, index: number): SpanView {
  const { target, kind, outcome, httpStatus, errorCode, startMs, latencyMs } = attempt;
  return {
    kind: 'attempt',
    name: target,
    start_ms: startMs === undefined ? null : wholeMicros(startMs),
    duration_ms: wholeMicros(latencyMs),
    status: STATUS_OF[outcome],
    detail: { index, kind: kind ?? null, http_status: httpStatus ?? null, error_code: errorCode ?? null },
  };
}

function ofSpan({ kind, name, startMs, durationMs, status, detail }: SpanRecord): SpanView {
  return {
    kind,
    name,
    start_ms: wholeMicros(startMs),
    duration_ms: wholeMicros(durationMs),
    status,
    detail: detail ?? null,
  };
}
