import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import swagger from '@fastify/swagger';
import { type FastifyInstance, fastify } from 'fastify';

import { registerClientRoutes } from './client-routes.ts';
import { registerConsoleRoutes } from './console/routes.ts';
import { directServer } from './direct-door.ts';
import type { EdgeDeps, EdgeLimits } from './edge-deps.ts';
import { isForm } from './forms/form-route.ts';
import { KnownPaths } from './known-paths.ts';
import { registerListingRoutes } from './listing-routes.ts';
import { ModelDoor } from './model-door.ts';
import { registerModelRoutes } from './model-routes.ts';
import { badUrlHandler, notFoundHandler } from './not-found.ts';
import { OpenExchanges } from './open-exchanges.ts';
import { openapiOptions } from './openapi.ts';
import { errorHandler, registerOtherRoutes } from './other-routes.ts';
import { rawErrorHandler, refuseTunnels } from './raw-errors.ts';

/** The front door, not yet listening. */
export interface EdgeServer {
  /** @returns the address that clients use, e.g. `http://127.0.0.1:8080` */
  listen(at: { readonly port: number; readonly host: string }): Promise<{ readonly url: string }>;
  /** Stops accepting, lets running answers end up to the limit, cancels the rest with `shutdown`, closes. */
  drain(): Promise<void>;
  /** The OpenAPI 3.1 document of everything that is served. */
  openapi(): object;
}

const MAX_HEADER_BYTES = 16_384;
const MAX_PARAM_LENGTH = 512;
/** Connections that wait to be taken, in a storm of new ones. */
const BACKLOG = 4096;
const KEEP_ALIVE_MS = 72_000;
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 120_000;
/** How long cancelled answers, and short requests outside the pipeline, get for their last bytes. */
const CLOSE_GRACE_MS = 1000;

/** Builds the server with all its routes; nothing is listened to before `listen`. */
export async function createServer(deps: EdgeDeps): Promise<EdgeServer> {
  const open = new OpenExchanges();
  let draining = false;
  const isDraining = (): boolean => draining;
  const door = new ModelDoor(deps, open, isDraining);
  const app = bareServer(deps, door);
  await registerRoutes(app, door);
  await app.ready();
  return {
    async listen({ port, host }) {
      await app.listen({ port, host, backlog: BACKLOG });
      return { url: urlOf(app.server) };
    },
    async drain() {
      draining = true;
      await drain(app, open, deps.limits.drainTimeoutMs);
    },
    openapi: () => app.swagger(),
  };
}

function bareServer(deps: EdgeDeps, door: ModelDoor): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    bodyLimit: deps.limits.bodyLimitBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: deps.limits.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    serverFactory: directServer(door, httpOptions(deps.limits)),
    // Unknown fields are refused by name, not dropped in silence.
    ajv: { customOptions: { removeAdditional: false } },
    clientErrorHandler: rawErrorHandler(deps),
    frameworkErrors: badUrlHandler(deps),
  });
  app.setErrorHandler(errorHandler(deps));
  refuseTunnels(app.server, deps);
  // A form is asked for when its sender is known; everything else at once, as without a listener.
  app.server.on('checkContinue', (request, response) => {
    if (!isForm(request)) response.writeContinue();
    app.server.emit('request', request, response);
  });
  // An `Expect` that we do not know is no reason to refuse what can be answered.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  return app;
}

function httpOptions(limits: EdgeLimits) {
  const headersTimeout = limits.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    headersTimeout,
    connectionsCheckingInterval: Math.min(headersTimeout, 5000),
  };
}

async function registerRoutes(app: FastifyInstance, door: ModelDoor) {
  const { deps, isDraining } = door;
  const known = new KnownPaths();
  app.addHook('onRoute', ({ method, url }) => known.add(method, url));
  // Whatever has no parser of its own is not read: an unknown path is a 404 whatever its body is.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setNotFoundHandler(notFoundHandler(deps, known));
  await app.register(swagger, openapiOptions);
  await app.register(async (models) => registerModelRoutes(models, door));
  await app.register(async (listing) => registerListingRoutes(listing, deps));
  await app.register(async (client) => registerClientRoutes(client, deps));
  await app.register(async (other) => registerOtherRoutes(other, deps, isDraining));
  const files = deps.console;
  if (files) await app.register(async (scope) => registerConsoleRoutes(scope, files));
}

async function drain(app: FastifyInstance, open: OpenExchanges, limitMs: number): Promise<void> {
  const closed = app.close();
  open.endConnections();
  await open.empty(limitMs);
  open.cancelAll('shutdown');
  await open.empty(CLOSE_GRACE_MS);
  app.server.closeIdleConnections();
  const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
