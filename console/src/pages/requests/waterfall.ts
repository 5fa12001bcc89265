import { isRecord } from '../../format/is-record.ts';
import type { Span, Trace } from './trace-types.ts';

/** One line of the waterfall; where it begins and how long it is as parts of the whole, 0 to 1. */
export interface Bar {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly startMs: number | null;
  readonly durationMs: number;
  readonly left: number;
  readonly width: number;
  /** Of an attempt: its place in `attempts`. */
  readonly attempt: number | undefined;
  readonly span: Span | undefined;
}

export interface Waterfall {
  readonly totalMs: number;
  readonly bars: readonly Bar[];
  /** Where the first token stands, 0 to 1. */
  readonly firstToken: number | undefined;
}

const STATUS_OF: Readonly<Record<string, string>> = { completed: 'ok', failed: 'failed', aborted: 'aborted' };

/** The request first, then what was done for it. */
export function waterfallOf(trace: Pick<Trace, 'latency_ms' | 'ttft_ms' | 'spans' | 'status' | 'endpoint'>): Waterfall {
  const { latency_ms: latency, ttft_ms: ttft, spans } = trace;
  const ends = spans.map(({ start_ms: start, duration_ms: length }) => (start ?? 0) + length);
  const totalMs = Math.max(latency, ...ends, 0.001);
  const request: Bar = {
    key: 'request',
    kind: 'request',
    name: trace.endpoint,
    status: STATUS_OF[trace.status] ?? trace.status,
    startMs: 0,
    durationMs: latency,
    left: 0,
    width: latency / totalMs,
    attempt: undefined,
    span: undefined,
  };
  const bars = spans.map((span, at): Bar => {
    const { kind, name, status, start_ms: startMs, duration_ms: durationMs, detail } = span;
    const index = kind === 'attempt' && isRecord(detail) ? detail['index'] : undefined;
    return {
      key: `span-${at}`,
      kind,
      name,
      status,
      startMs,
      durationMs,
      left: (startMs ?? 0) / totalMs,
      width: durationMs / totalMs,
      attempt: typeof index === 'number' ? index : undefined,
      span,
    };
  });
  return {
    totalMs,
    bars: [request, ...bars],
    firstToken: ttft === null ? undefined : Math.min(1, ttft / totalMs),
  };
}
