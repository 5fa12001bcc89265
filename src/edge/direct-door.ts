import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, createServer } from 'node:http';

import type { FastifyServerFactory, FastifyServerOptions } from 'fastify';

import { JSON_CONTENT_TYPE, readBody } from './body-reader.ts';
import type { Surface } from './call-factory.ts';
import type { ModelRoute } from './dialects/dialect-adapter.ts';
import { DIALECTS } from './dialects/registry.ts';
import type { ModelDoor } from './model-door.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server on which most model requests go past the framework: those that it would do nothing to but find the route. It
 * answers all others, and everything while a shutdown is under way.
 */
export function directServer(door: ModelDoor, options: ServerOptions): FastifyServerFactory {
  return (framework, given) => timed(createServer(options, directly(door, framework)), given);
}

/** As the framework does where it makes the server. */
function timed(server: Server, options: FastifyServerOptions): Server {
  const { keepAliveTimeout, requestTimeout } = options;
  if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
  if (requestTimeout !== undefined) server.requestTimeout = requestTimeout;
  return server;
}

function directly(door: ModelDoor, framework: Listener): Listener {
  const surfaces = directSurfaces();
  const { bodyLimitBytes } = door.deps.limits;
  return (request, response) => {
    const surface = request.method === 'POST' ? surfaces.get(request.url ?? '') : undefined;
    const isJson = surface !== undefined && JSON_CONTENT_TYPE.test(request.headers['content-type'] ?? '');
    if (!isJson || door.isDraining()) {
      framework(request, response);
      return;
    }
    readBody(request, bodyLimitBytes, (error, body) => {
      if (error) door.refuse(surface, request, response, error);
      else door.answer(surface, request, response, body);
    });
  };
}

/** Where nothing has to be read of a path. */
function directSurfaces(): ReadonlyMap<string, Surface> {
  const surfaces = new Map<string, Surface>();
  for (const adapter of DIALECTS) {
    for (const route of adapter.routes.filter(isDirect)) {
      surfaces.set(route.path, { adapter, operation: route.operation, endpoint: route.path });
    }
  }
  return surfaces;
}

function isDirect(route: ModelRoute): boolean {
  if (route.method !== undefined && route.method !== 'POST') return false;
  return route.body !== 'form' && !route.resolve && !route.resource && !route.shared && !/[:*]/.test(route.path);
}
