import type { Principal } from '../core/call.ts';
import type { KeptRequest } from '../pipeline/guards/review/review.ts';
import { type CallContext, HttpCall, type Surface } from './call-factory.ts';
import { adapterOf } from './dialects/registry.ts';

/** A request that was kept, as a call of its own: with its own record, its own end, and nobody at a socket. */
export function keptCall(request: KeptRequest, principal: Principal, context: CallContext): HttpCall {
  const { dialect, operation, endpoint, model, stream, headers, query, clientIp } = request;
  const surface: Surface = {
    adapter: adapterOf(dialect),
    operation,
    endpoint,
    // The other dialects say both in the body.
    ...(dialect === 'gemini' ? { path: { model, stream } } : {}),
  };
  const head = { headers: { ...headers }, url: `?${query}`, socket: { remoteAddress: clientIp } };
  const call = new HttpCall(surface, head, context, { body: Buffer.from(request.body) });
  call.principal = principal;
  return call;
}
