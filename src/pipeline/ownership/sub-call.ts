import { AttemptLedger } from '../../core/attempts.ts';
import { CallBody } from '../../core/call-body.ts';
import type { Call, Target } from '../../core/call.ts';
import { NO_NEEDS } from '../../core/inference/needs.ts';
import type { ResourceRequest } from '../../core/resource.ts';
import { SpanLedger } from '../../core/spans.ts';

const NO_BYTES = Buffer.alloc(0);

/** A request of our own on behalf of a call: same caller and same end, with a ledger of its own. It costs nothing. */
export function subCall(call: Call, resource: ResourceRequest, target: Target): Call {
  const { id, receivedAt, startedAt, dialect, endpoint, headers, clientIp, cancellation, principal } = call;
  const { deadlineAt, traceContext } = call;
  const same = { id, receivedAt, startedAt, dialect, endpoint, headers, clientIp, cancellation, principal };
  return {
    ...same,
    deadlineAt,
    traceContext,
    operation: 'resource',
    query: '',
    body: new CallBody(NO_BYTES),
    form: undefined,
    resource,
    facts: {
      model: '',
      stream: false,
      user: undefined,
      metadata: undefined,
      conversationId: undefined,
      priority: undefined,
    },
    needs: NO_NEEDS,
    get inference(): never {
      throw new Error('a request for a resource is no inference');
    },
    get embedding(): never {
      throw new Error('a request for a resource has nothing to embed');
    },
    attempts: new AttemptLedger(),
    spans: new SpanLedger(),
    warnings: [],
    assignment: { virtualModel: undefined, targets: [target], passThroughCredentials: false, timeouts: undefined },
  };
}
