import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import { ModelView, ProviderView } from './model-schema.ts';
import { type ListedModel, type ListingDeps, modelView } from './model-view.ts';
import { type ListedProvider, providerView } from './provider-view.ts';

export interface ModelRouteDeps extends ListingDeps {
  readonly models: () => readonly ListedModel[];
  /** @throws where there is no such provider */
  readonly provider: (name: string) => ListedProvider;
}

/** As many as are configured, so there is one page. */
const ModelList = Type.Object({ data: Type.Array(ModelView), next: Type.Null() });
const ProviderList = Type.Object({ data: Type.Array(ProviderView), next: Type.Null() });

/** `/admin/v1/models` and `/admin/v1/providers`: what is configured, as it is in force. */
export function modelRoutes(deps: ModelRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get(
      '/admin/v1/models',
      {
        schema: {
          summary: 'Virtual models as they are in force, with their targets and what is tried of them',
          tags: ['models'],
          response: { 200: ModelList },
        },
      },
      () => ({ data: deps.models().map((one) => modelView(one, deps)), next: null }),
    );
    app.get(
      '/admin/v1/providers',
      {
        schema: { summary: 'Providers as they are in force', tags: ['models'], response: { 200: ProviderList } },
      },
      () => {
        const catalog = deps.catalog();
        const models = deps.models();
        const data = catalog.providers.map((one) => providerView(one, deps.provider(one.name), catalog, models));
        return { data, next: null };
      },
    );
  };
}
