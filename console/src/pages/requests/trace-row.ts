import { type GuardMark, type ListedTrace, guardMark, verdictsOf } from './trace-types.ts';

/** What the list shows of a trace, and no more, so that many can be held. */
export interface TraceRow {
  readonly id: string;
  readonly at: string;
  readonly status: string;
  readonly model: string | null;
  readonly target: string | null;
  readonly project: string | null;
  readonly user: string | null;
  readonly endpoint: string;
  readonly input: number | null;
  readonly output: number | null;
  readonly cached: number | null;
  readonly costUsd: number | null;
  readonly costKnown: boolean;
  readonly latencyMs: number;
  readonly ttftMs: number | null;
  readonly streamed: boolean;
  readonly cache: string | null;
  readonly guard: GuardMark | undefined;
  readonly error: string | null;
  readonly thumbs: readonly ('up' | 'down')[];
  readonly attempts: number;
}

export function toRow(trace: ListedTrace): TraceRow {
  const { tokens } = trace;
  return {
    id: trace.trace_id,
    at: trace.started_at,
    status: trace.status,
    model: trace.model,
    target: trace.target,
    project: trace.project,
    user: trace.user_id,
    endpoint: trace.endpoint,
    input: tokens.input,
    output: tokens.output,
    cached: tokens.cached,
    costUsd: trace.cost_usd,
    costKnown: trace.cost_known,
    latencyMs: trace.latency_ms,
    ttftMs: trace.ttft_ms,
    streamed: trace.streamed,
    cache: trace.cache,
    guard: guardMark(verdictsOf(trace.verdicts)),
    error: trace.error?.code ?? null,
    thumbs: trace.feedback.flatMap(({ thumb }) => (thumb === 'up' || thumb === 'down' ? [thumb] : [])),
    attempts: trace.attempts.length,
  };
}

/** The order of the list: the latest first, and of the same moment by id. */
export function isBefore(one: TraceRow, other: TraceRow): boolean {
  return one.at === other.at ? one.id > other.id : one.at > other.at;
}
