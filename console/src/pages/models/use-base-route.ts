import { useMemo } from 'react';

import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { type Route, routeOfFile, routeOfModel } from './route-draft.ts';
import type { Model } from './wire.ts';

interface BaseRoute {
  /** What the admin API set, which holds now. */
  readonly inForce: Route | undefined;
  /** What the file has, and what holds again when the other is taken back. */
  readonly ofFile: Route | undefined;
}

/** Asked as soon as the model is shown, so that the form begins with what is so. */
export function useBaseRoute(model: Model): BaseRoute {
  const isOther = model.trying.some(({ kind }) => kind === 'route');
  const mayRead = useMay('admin');
  const own = api.useQuery(
    'get',
    '/admin/v1/routes/{id}',
    { params: { path: { id: model.name } } },
    { enabled: isOther },
  );
  const config = api.useQuery('get', '/admin/v1/config', {}, { enabled: mayRead });
  return useMemo(() => {
    const definition = own.data?.definition as { readonly route?: Route } | undefined;
    const written = config.data === undefined ? undefined : routeOfFile(config.data.effective, model.name);
    return {
      inForce: isOther ? definition?.route : undefined,
      ofFile: written ?? (isOther ? undefined : routeOfModel(model)),
    };
  }, [own.data, config.data, isOther, model]);
}
