import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';

import { GatewayError } from '../core/errors.ts';
import { JSON_CONTENT_TYPE, bodyReader } from './body-reader.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import { DIALECTS } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { gatewayErrorOf } from './http-errors.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { refuse } from './refuse.ts';
import { Exchange, type ExchangeContext } from './write-reply.ts';

/** Says whether a shutdown began. */
export type IsDraining = () => boolean;

/**
 * The paths under which clients ask models. This is the hot path: the body stays raw, nothing is validated here,
 * no hook runs, and the reply goes to the socket without the framework's own.
 */
export function registerModelRoutes(
  app: FastifyInstance,
  deps: EdgeDeps,
  open: OpenExchanges,
  isDraining: IsDraining,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_CONTENT_TYPE, bodyReader(deps.limits.bodyLimitBytes));
  const exchanges: ExchangeContext = { handler: deps.handler, open, log: deps.log };
  for (const adapter of DIALECTS) {
    for (const { path, operation } of adapter.routes) {
      const surface: Surface = { adapter, operation, endpoint: path };
      app.post(
        path,
        { errorHandler: refusalHandler(deps, surface) },
        modelHandler(deps, surface, exchanges, isDraining),
      );
    }
  }
}

function modelHandler(
  deps: EdgeDeps,
  surface: Surface,
  exchanges: ExchangeContext,
  isDraining: IsDraining,
): RouteHandlerMethod {
  return (request, reply) => {
    reply.hijack();
    const body = request.body instanceof Buffer ? request.body : undefined;
    const call = new HttpCall(surface, request.raw, deps, { body });
    if (isDraining()) refuse(deps, surface, call, reply.raw, new GatewayError('shutting_down'));
    else void new Exchange(call, surface.adapter, reply.raw, exchanges).run();
  };
}

/** Answers what the framework refused before a handler ran: a body over the limit, a wrong content type. */
function refusalHandler(deps: EdgeDeps, surface: Surface) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    const call = new HttpCall(surface, request.raw, deps);
    refuse(deps, surface, call, reply.raw, gatewayErrorOf(thrown));
  };
}
