import type { Call, Dialect } from '../../../core/call.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { Provider } from '../../../models/providers/provider.ts';

const DIALECTS: readonly Dialect[] = ['gemini', 'anthropic', 'openai'];

/**
 * A request of the gateway's own within a call. It is in no dialect, so that it is sent as one that its target does not
 * speak: translated, and never relayed.
 * @returns undefined where the target cannot be asked so
 */
export function continuationCall(
  call: Call,
  request: InferenceRequest,
  provider: Provider,
  model: string,
): Call | undefined {
  const dialect = DIALECTS.find((one) => isTranslated(provider, one, model));
  if (!dialect) return undefined;
  // A key that makes a request one with an earlier one is the client's request's.
  const { 'idempotency-key': _, ...headers } = call.headers;
  const { id, receivedAt, startedAt, endpoint, clientIp, body, facts, needs, cancellation, deadlineAt } = call;
  const { attempts, spans, traceContext, warnings, principal, assignment } = call;
  const own: Call = {
    id,
    receivedAt,
    startedAt,
    dialect,
    operation: 'chat',
    endpoint,
    query: '',
    headers,
    clientIp,
    body,
    form: undefined,
    resource: undefined,
    facts,
    needs,
    inference: request,
    get embedding() {
      return call.embedding;
    },
    cancellation,
    deadlineAt,
    attempts,
    spans,
    traceContext,
    warnings,
    principal,
    assignment,
  };
  // A client's own credential is for requests of its own dialect.
  const isClients = provider.usesClientCredential?.(call) || provider.usesClientCredential?.(own);
  return isClients ? undefined : own;
}

function isTranslated(provider: Provider, dialect: Dialect, model: string): boolean {
  const wire = provider.wire(dialect, 'chat', model);
  return wire !== undefined && wire.dialect !== dialect;
}
