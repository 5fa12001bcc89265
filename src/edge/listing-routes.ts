import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { GatewayError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { HttpCall, type Surface } from './call-factory.ts';
import type { DialectAdapter, ModelEntry } from './dialects/dialect-adapter.ts';
import { detectDialect } from './dialects/registry.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { refuse } from './refuse.ts';
import { REQUEST_ID_HEADER } from './write-error.ts';

const PATH = '/v1/models';

/** `GET /v1/models` and `/v1/models/:id`. The id is all that follows, since names of models contain slashes. */
export function registerListingRoutes(app: FastifyInstance, deps: EdgeDeps): void {
  app.get(PATH, (request, reply) => {
    answer(deps, request, reply, (adapter, models) => adapter.renderModels(models));
  });
  app.get<{ Params: { '*': string } }>(`${PATH}/*`, (request, reply) => {
    const id = request.params['*'];
    answer(deps, request, reply, (adapter, models) => adapter.renderModel(modelNamed(models, id)));
  });
}

type Render = (adapter: DialectAdapter, models: readonly ModelEntry[]) => JsonObject;

function answer(deps: EdgeDeps, request: FastifyRequest, reply: FastifyReply, render: Render): void {
  const adapter = detectDialect(PATH, request.headers);
  const surface: Surface = { adapter, operation: 'chat', endpoint: PATH };
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
