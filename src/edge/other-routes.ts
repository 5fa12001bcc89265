import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { newTraceId } from '../core/ids.ts';
import { guardAdmin } from './admin-guard.ts';
import { detectDialect } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { logIfInternal } from './edge-log.ts';
import { gatewayErrorOf } from './http-errors.ts';
import type { IsDraining } from './model-door.ts';
import { REQUEST_ID_HEADER, writeError } from './write-error.ts';

/** Everything that is not a model route: health, the admin API, and what other rooms show to everybody. */
export async function registerOtherRoutes(app: FastifyInstance, deps: EdgeDeps, isDraining: IsDraining): Promise<void> {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header(REQUEST_ID_HEADER, newTraceId(deps.clock.now()));
    done();
  });
  registerHealthRoutes(app, deps, isDraining);
  app.get('/openapi.json', () => app.swagger());
  for (const plugin of deps.publicRoutes) await app.register(async (scope) => plugin(scope));
  await app.register(async (admin) => {
    admin.removeAllContentTypeParsers();
    admin.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
    guardAdmin(admin, deps);
    for (const plugin of deps.adminRoutes) await admin.register(async (scope) => plugin(scope));
  });
}

function registerHealthRoutes(app: FastifyInstance, deps: EdgeDeps, isDraining: IsDraining): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) => {
    const { ready, reasons } = deps.readiness();
    const all = isDraining() ? [...reasons, 'shutting down'] : reasons;
    const isReady = ready && !isDraining();
    return reply.status(isReady ? 200 : 503).send({ ready: isReady, reasons: all });
  });
}

/** Errors of routes outside the dialects, in the shape of the dialect that the request looks like. */
export function errorHandler(deps: EdgeDeps) {
  return (thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const error = gatewayErrorOf(thrown);
    const stamped = reply.getHeader(REQUEST_ID_HEADER);
    const requestId = typeof stamped === 'string' ? stamped : newTraceId(deps.clock.now());
    logIfInternal(deps.log, requestId, error);
    reply.hijack();
    writeError(reply.raw, detectDialect(request.url, {}), error, { [REQUEST_ID_HEADER]: requestId });
  };
}
