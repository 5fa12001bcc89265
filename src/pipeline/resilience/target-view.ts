import { type Static, Type } from 'typebox';

import type { KeyView } from './keys/key-pool.ts';
import type { TargetState } from './route/target-state.ts';

const Count = (description: string) => Type.Integer({ description });
const Milliseconds = (description: string) => Type.Number({ description });

const BreakerView = Type.Object({
  state: Type.String({ description: 'closed, open or half-open' }),
  cause: Type.Union([Type.String(), Type.Null()], {
    description:
      'Of the last opening: failures-in-a-row, failure-rate, probe-failed or told; null where it never opened',
  }),
  retry_after_ms: Milliseconds('Until a request may be sent; 0 = now'),
  failures_in_a_row: Type.Integer(),
  calls: Count('In `window`'),
  failures: Count('Of these: failed, or too slow'),
  openings: Count('Since the start of the process'),
});

const QueueView = Type.Object({
  in_flight: Type.Integer(),
  concurrency: Count('How many may be in flight now'),
  waiting: Type.Integer(),
  waiting_by_priority: Type.Record(Type.String(), Type.Integer(), {
    description: 'Of the priorities (0 to 9, 9 goes first) at which anybody waits',
  }),
  estimate_ms: Milliseconds('How long a newcomer of priority 5 would wait'),
  holding_ms: Milliseconds('How long a request takes on average'),
});

const TargetKeyView = Type.Object({
  id: Type.String({ description: 'The first 8 hex digits of its SHA-256; none = the provider is asked without one' }),
  hint: Type.String({ description: 'Its last four characters' }),
  weight: Type.Number(),
  state: Type.String({
    description: 'usable; limited (429) and refused (401, 402, 403): left alone for a while, for this model or all',
  }),
});

/** A target as the admin API shows it. */
export const TargetView = Type.Object({
  target: Type.String({ description: 'provider/model; once for each set of rules that models have for it' }),
  breaker: BreakerView,
  queue: QueueView,
  p95_ms: Type.Union([Type.Number(), Type.Null()], {
    description:
      'What 95 of its last 100 answers stayed under, to the first content; null until there are enough of them',
  }),
  keys: Type.Array(TargetKeyView, { description: "The provider's" }),
});

export type TargetView = Static<typeof TargetView>;

/** @param keys of the target's provider */
export function targetView({ target, breaker, queue, latency }: TargetState, keys: readonly KeyView[]): TargetView {
  const { model } = partsOf(target);
  return {
    target,
    breaker: breakerView(breaker.snapshot()),
    queue: queueView(queue.snapshot()),
    p95_ms: latency.p95 ?? null,
    keys: keys.map((key) => ({ id: key.id, hint: key.shown, weight: key.weight, state: keyState(key, model) })),
  };
}

/** The model is undefined of what a provider keeps, which belongs to no model. */
export function partsOf(target: string): { readonly provider: string; readonly model: string | undefined } {
  const slash = target.indexOf('/');
  return slash < 0
    ? { provider: target, model: undefined }
    : { provider: target.slice(0, slash), model: target.slice(slash + 1) };
}

function breakerView(snapshot: ReturnType<TargetState['breaker']['snapshot']>): TargetView['breaker'] {
  const { state, cause, retryAfterMs, failuresInARow, calls, failures, openings } = snapshot;
  return {
    state,
    cause: cause ?? null,
    retry_after_ms: retryAfterMs,
    failures_in_a_row: failuresInARow,
    calls,
    failures,
    openings,
  };
}

function queueView(snapshot: ReturnType<TargetState['queue']['snapshot']>): TargetView['queue'] {
  const { inFlight, concurrency, waiting, waitingAt, estimateMs, holdingMs } = snapshot;
  const waitingOnes = waitingAt.map((count, priority) => [String(priority), count] as const);
  return {
    in_flight: inFlight,
    concurrency,
    waiting,
    waiting_by_priority: Object.fromEntries(waitingOnes.filter(([, count]) => count > 0)),
    estimate_ms: estimateMs,
    holding_ms: holdingMs,
  };
}

function keyState({ refused, models }: KeyView, model = ''): string {
  if (refused) return 'refused';
  return models.find((rest) => rest.model === model)?.why ?? 'usable';
}
