import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteHandlerMethod,
  RouteOptions,
} from 'fastify';

import { JSON_CONTENT_TYPE, bodyReader } from './body-reader.ts';
import type { Surface } from './call-factory.ts';
import type { DialectAdapter, ModelRoute } from './dialects/dialect-adapter.ts';
import { DIALECTS, detectDialect } from './dialects/registry.ts';
import { answerForm, isForm, registerFormRoute } from './forms/form-route.ts';
import type { ModelDoor } from './model-door.ts';
import { UNKNOWN_ENDPOINT, pathError, pathOf } from './not-found.ts';

/**
 * The paths under which clients ask models. This is the hot path: the body stays raw, nothing is validated here,
 * no hook runs, and the reply goes to the socket without the framework's own.
 */
export function registerModelRoutes(app: FastifyInstance, door: ModelDoor): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_CONTENT_TYPE, bodyReader(door.deps.limits.bodyLimitBytes));
  for (const adapter of DIALECTS) {
    for (const route of adapter.routes) {
      const surfaceOf = surfacesOf(adapter, route);
      const served: RouteOptions = {
        method: route.method ?? 'POST',
        url: route.path,
        errorHandler: refusalHandler(door, surfaceOf),
        handler: modelHandler(door, surfaceOf),
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

function modelHandler(door: ModelDoor, surfaceOf: SurfaceOf): RouteHandlerMethod {
  return (request, reply) => {
    const surface = surfaceOf(request);
    reply.hijack();
    const body = request.body instanceof Buffer ? request.body : undefined;
    if (!body && isForm(request.raw)) {
      answerForm(door, surface, request.raw, reply.raw);
      return;
    }
    door.answer(surface, request.raw, reply.raw, body);
  };
}

/** Answers what the framework refused before a handler ran: a body over the limit, a wrong content type. */
function refusalHandler(door: ModelDoor, surfaceOf: SurfaceOf) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const surface = surfaceOrUnknown(surfaceOf, request);
    reply.hijack();
    door.refuse(surface, request.raw, reply.raw, thrown);
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
