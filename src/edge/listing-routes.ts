import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { GatewayError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import type { DialectAdapter, ModelEntry } from './dialects/dialect-adapter.ts';
import { detectDialect } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { refuse } from './refuse.ts';
import { REQUEST_ID_HEADER } from './write-error.ts';

/** Clients of all dialects come to the first, and are told apart by their headers. */
const PATHS = ['/v1/models', '/v1beta/models'] as const;
type Path = (typeof PATHS)[number];

/** `GET /v1/models` and `/v1/models/:id`. The id is all that follows, since names of models contain slashes. */
export function registerListingRoutes(app: FastifyInstance, deps: EdgeDeps): void {
  for (const path of PATHS) {
    app.get(path, (request, reply) => {
      answer({ deps, path }, request, reply, (adapter, models) => adapter.renderModels(models));
    });
    app.get<{ Params: { '*': string } }>(`${path}/*`, (request, reply) => {
      const id = request.params['*'];
      answer({ deps, path }, request, reply, (adapter, models) => adapter.renderModel(modelNamed(models, id)));
    });
  }
}

type Render = (adapter: DialectAdapter, models: readonly ModelEntry[]) => JsonObject;

interface Listing {
  readonly deps: EdgeDeps;
  readonly path: Path;
}

function answer({ deps, path }: Listing, request: FastifyRequest, reply: FastifyReply, render: Render): void {
  const adapter = detectDialect(path, request.headers);
  const surface: Surface = { adapter, operation: 'chat', endpoint: path };
  const call = new HttpCall(surface, request.raw, deps);
  try {
    call.principal = deps.identify(call);
    const body = render(adapter, deps.listModels(call.principal, adapter.dialect));
    void reply.header(REQUEST_ID_HEADER, call.id).send(body);
  } catch (thrown) {
    reply.hijack();
    refuse(deps, surface, call, reply.raw, thrown);
  }
}

function modelNamed(models: readonly ModelEntry[], id: string): ModelEntry {
  const model = models.find((entry) => entry.id === id);
  if (model) return model;
  throw new GatewayError('model_not_found', { param: 'model' });
}
