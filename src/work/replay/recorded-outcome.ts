import type { Outcome } from './outcome.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** What became of the request, as its record says. */
export function recordedOutcome(request: RecordedRequest): Outcome {
  const { status, attempts, errorCode, cache, latencyMs, target } = request;
  const ttftMs = request.ttftMs ?? undefined;
  if (status === 'failed' && attempts.length === 0) return { kind: 'refused', code: errorCode ?? 'unknown' };
  if (attempts.length === 0 && (cache === 'exact' || cache === 'semantic' || cache === 'coalesced')) {
    return { kind: 'cached', state: cache, target: target ?? undefined, latencyMs, ttftMs };
  }
  return {
    kind: 'answered',
    target: target ?? undefined,
    hasFailed: status !== 'completed',
    costNanoUsd: request.costNanoUsd,
    costKnown: request.costKnown,
    latencyMs,
    ttftMs,
    ...tokensOf(request),
    basis: 'recorded',
  };
}

/** Input and output, of all attempts; what was not reported counts as nothing. */
export function tokensOf({ attempts }: Pick<RecordedRequest, 'attempts'>): {
  readonly inputTokens: number;
  readonly outputTokens: number;
} {
  let inputTokens = 0;
  let outputTokens = 0;
  for (const { usage } of attempts) {
    inputTokens += usage?.inputTokens ?? 0;
    outputTokens += usage?.outputTokens ?? 0;
  }
  return { inputTokens, outputTokens };
}
