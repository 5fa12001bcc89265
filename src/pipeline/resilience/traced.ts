import type { Attempt } from '../../core/attempts.ts';
import type { Call } from '../../core/call.ts';
import { spanIdOf, writeTraceparent } from '../../core/trace-context.ts';
import type { UpstreamRequest } from '../../models/transport/transport.ts';

/**
 * The request with the attempt as the parent of whatever the provider traces of it. Where the client sent no trace there
 * is none to go on with, unless this gateway exports its own.
 */
export function traced(request: UpstreamRequest, call: Call, attempt: Attempt, exportsTraces = false): UpstreamRequest {
  const { traceContext } = call;
  if (!traceContext && !exportsTraces) return request;
  const parentId = spanIdOf(call.id, attempt.index + 1);
  const traceparent = traceContext
    ? writeTraceparent({ ...traceContext, parentId })
    : writeTraceparent({ traceId: call.id, parentId, sampled: true });
  return { ...request, headers: { ...request.headers, traceparent } };
}
