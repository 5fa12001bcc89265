import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import { GatewayError } from '../core/errors.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import { looksForConsole, redirectToConsole } from './console/routes.ts';
import { detectDialect } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { gatewayErrorOf } from './http-errors.ts';
import type { KnownPaths } from './known-paths.ts';
import { refuse } from './refuse.ts';

/** What usage of unknown paths is grouped by: not the path itself, of which there is no end. */
export const UNKNOWN_ENDPOINT = 'unknown';

const MAX_SHOWN = 120;

/** Answers paths and methods that are not served, in the dialect that they look like, and records them. */
export function notFoundHandler(deps: EdgeDeps, known: KnownPaths) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    if (deps.console && looksForConsole(request)) {
      redirectToConsole(reply);
      return;
    }
    reply.hijack();
    const path = pathOf(request.url);
    const adapter = detectDialect(path, request.headers);
    const surface: Surface = { adapter, operation: 'chat', endpoint: UNKNOWN_ENDPOINT };
    const error = pathError(request.method, path, known.methodsOf(path));
    refuse(deps, surface, new HttpCall(surface, request.raw, deps), reply.raw, error);
  };
}

/** Answers what the router cannot read, such as `/v1/%zz`, and records it. */
export function badUrlHandler(deps: EdgeDeps) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    const adapter = detectDialect(request.url, request.headers);
    const surface: Surface = { adapter, operation: 'chat', endpoint: UNKNOWN_ENDPOINT };
    refuse(deps, surface, new HttpCall(surface, request.raw, deps), reply.raw, gatewayErrorOf(thrown));
  };
}

/** A URL without its query, which may carry secrets. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

const REALTIME = /^\/(?:openai\/)?(?:v1\/)?realtime(?:\/|$)/;

export function pathError(method: string, path: string, methods: readonly string[]): GatewayError {
  if (REALTIME.test(path)) {
    return new GatewayError('operation_unsupported', {
      message:
        'The realtime API is not served here. Stream /v1/responses or /v1/chat/completions, or use /v1/audio/speech and /v1/audio/transcriptions.',
    });
  }
  const shown = path.length > MAX_SHOWN ? `${path.slice(0, MAX_SHOWN)}…` : path;
  const message =
    methods.length > 0
      ? `${shown} is served with ${methods.join(' or ')}, not with ${method}.`
      : `There is no ${shown} here. GET /openapi.json lists the paths there are.`;
  return new GatewayError('path_not_found', { message });
}
