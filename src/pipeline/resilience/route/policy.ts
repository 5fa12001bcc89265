import type { RoutePolicy } from '../../../core/route-policy.ts';

/**
 * How a call goes on where nobody said otherwise. The queue is as long as the field has it, but the number in flight is
 * bounded only by the connections of the transport: a smaller one is for whoever knows what a target can take.
 */
export const USUAL_POLICY: RoutePolicy = {
  retries: { max: 3, baseDelay: 1000, maxDelay: 60_000, budget: { share: 0.5, perSecond: 10 } },
  breaker: { failures: 5, failureRate: 0.5, window: 30_000, minimumCalls: 20, openFor: 30_000, probes: 1 },
  queue: { concurrency: 4096, size: 1000, maxWait: 30_000, adaptive: false },
  pacing: { burst: 0.1, learn: true },
  hedge: undefined,
  continue: false,
  onContextLength: [],
  onContentPolicy: [],
};
