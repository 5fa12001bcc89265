import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteHandlerMethod,
  RouteOptions,
} from 'fastify';

import { GatewayError } from '../core/errors.ts';
import { JSON_CONTENT_TYPE, bodyReader } from './body-reader.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import type { DialectAdapter, ModelRoute } from './dialects/dialect-adapter.ts';
import { DIALECTS, detectDialect } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { answerForm, isForm, registerFormRoute } from './forms/form-route.ts';
import { gatewayErrorOf } from './http-errors.ts';
import { UNKNOWN_ENDPOINT, pathError, pathOf } from './not-found.ts';
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
    for (const route of adapter.routes) {
      const surfaceOf = surfacesOf(adapter, route);
      const served: RouteOptions = {
        method: route.method ?? 'POST',
        url: route.path,
        errorHandler: refusalHandler(deps, surfaceOf),
        handler: modelHandler(deps, surfaceOf, exchanges, isDraining),
      };
      if (route.body === 'form') registerFormRoute(app, served);
      else app.route(served);
    }
  }
}

type SurfaceOf = (request: FastifyRequest) => Surface;

/** Where a route's requests come in: one surface for all, but for paths that say more than the route. */
function surfacesOf(adapter: DialectAdapter, route: ModelRoute): SurfaceOf {
  const surface: Surface = { adapter, operation: route.operation, endpoint: route.path };
  if (route.resource) return (request) => resourceSurface(surface, route, request);
  if (!route.resolve) return () => surface;
  return (request) => {
    const rest = (request.params as { readonly '*': string })['*'];
    const resolved = route.resolve?.(rest);
    if (!resolved) throw pathError(request.method, pathOf(request.url), []);
    return { adapter, operation: resolved.operation, endpoint: resolved.endpoint, path: resolved.facts };
  };
}

function resourceSurface(surface: Surface, route: ModelRoute, request: FastifyRequest): Surface {
  const resource = route.resource?.(request.params as Record<string, string | undefined>);
  if (!resource) throw pathError(request.method, pathOf(request.url), []);
  const adapter = route.shared ? detectDialect(pathOf(request.url), request.headers) : surface.adapter;
  return { ...surface, adapter, resource };
}

function modelHandler(
  deps: EdgeDeps,
  surfaceOf: SurfaceOf,
  exchanges: ExchangeContext,
  isDraining: IsDraining,
): RouteHandlerMethod {
  return (request, reply) => {
    const surface = surfaceOf(request);
    reply.hijack();
    const body = request.body instanceof Buffer ? request.body : undefined;
    if (!body && isForm(request.raw)) {
      answerForm({ deps, exchanges, isDraining }, surface, request.raw, reply.raw);
      return;
    }
    const call = new HttpCall(surface, request.raw, deps, { body });
    if (isDraining()) refuse(deps, surface, call, reply.raw, new GatewayError('shutting_down'));
    else void new Exchange(call, surface.adapter, reply.raw, exchanges).run();
  };
}

/** Answers what the framework refused before a handler ran: a body over the limit, a wrong content type. */
function refusalHandler(deps: EdgeDeps, surfaceOf: SurfaceOf) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const surface = surfaceOrUnknown(surfaceOf, request);
    reply.hijack();
    const call = new HttpCall(surface, request.raw, deps);
    refuse(deps, surface, call, reply.raw, gatewayErrorOf(thrown));
  };
}

/** A path that means nothing is what may have been refused. */
function surfaceOrUnknown(surfaceOf: SurfaceOf, request: FastifyRequest): Surface {
  try {
    return surfaceOf(request);
  } catch {
    const adapter = detectDialect(pathOf(request.url), request.headers);
    return { adapter, operation: 'chat', endpoint: UNKNOWN_ENDPOINT };
  }
}
