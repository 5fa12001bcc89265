import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { newTraceId } from '../core/ids.ts';
import { requireRole } from '../core/operator.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import { detectDialect } from './dialects/registry.ts';
import type { Caller, EdgeDeps } from './edge-deps.ts';
import { gatewayErrorOf } from './http-errors.ts';
import { UNKNOWN_ENDPOINT } from './not-found.ts';
import { errorHandler } from './other-routes.ts';
import { refuse } from './refuse.ts';
import { visitorOf } from './visitor.ts';
import { REQUEST_ID_HEADER } from './write-error.ts';

/**
 * What the holder of a key may ask besides models, and operators who may edit too. Who calls is known before the body is
 * read. Only those whose key is refused are recorded as requests, so that guessing keys is noticed here as elsewhere.
 */
export function registerClientRoutes(app: FastifyInstance, deps: EdgeDeps): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  const strangers = new WeakMap<FastifyRequest, Stranger>();
  const identify = async (request: FastifyRequest): Promise<Caller> => {
    const operator = await deps.operators.find(visitorOf(request, deps.limits.trustedProxies));
    if (operator) {
      requireRole(operator, 'editor');
      return operator;
    }
    const stranger = strangerOf(deps, request);
    strangers.set(request, stranger);
    const principal = deps.identify(stranger.call);
    strangers.delete(request);
    return principal;
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.addHook('onRequest', async (request, reply) => {
    void reply.header(REQUEST_ID_HEADER, newTraceId(deps.clock.now()));
    callers.set(request, await identify(request));
  });
  app.setErrorHandler(errorHandlerOf(deps, strangers));
  const callerOf = (request: FastifyRequest): Caller => {
    const caller = callers.get(request);
    if (caller) return caller;
    throw new TypeError('nobody has looked at who sends this request');
  };
  for (const plugin of deps.clientRoutes ?? []) plugin(app, callerOf);
}

/** Somebody whose key is not known yet, as a call that can be refused. */
interface Stranger {
  readonly surface: Surface;
  readonly call: HttpCall;
}

function strangerOf(deps: EdgeDeps, request: FastifyRequest): Stranger {
  const adapter = detectDialect(request.url, {});
  const surface: Surface = { adapter, operation: 'chat', endpoint: request.routeOptions.url ?? UNKNOWN_ENDPOINT };
  return { surface, call: new HttpCall(surface, request.raw, deps) };
}

function errorHandlerOf(deps: EdgeDeps, strangers: WeakMap<FastifyRequest, Stranger>) {
  const others = errorHandler(deps);
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const stranger = strangers.get(request);
    if (!stranger) {
      others(thrown, request, reply);
      return;
    }
    reply.hijack();
    refuse(deps, stranger.surface, stranger.call, reply.raw, gatewayErrorOf(thrown));
  };
}
