import { useEffect, useMemo } from 'react';

import { api } from '../../api/client.ts';
import { changeColumn, useBench } from './bench.ts';

/** Virtual models first, then what providers are known to have. The first one is what a new page asks. */
export function useKnownModels(): readonly string[] {
  const models = api.useQuery('get', '/admin/v1/models').data?.data;
  const providers = api.useQuery('get', '/admin/v1/providers').data?.data;
  const names = useMemo(() => {
    const virtual = (models ?? []).map(({ name }) => name);
    const direct = (providers ?? []).flatMap((provider) =>
      provider.models.map(({ model }) => `${provider.name}/${model}`),
    );
    return models && providers ? [...new Set([...virtual, ...direct])] : [];
  }, [models, providers]);
  const { columns } = useBench();
  const only = columns.length === 1 ? columns[0] : undefined;
  const isUnset = only?.model === '';
  const key = only?.key;
  const first = names[0];
  useEffect(() => {
    if (isUnset && key !== undefined && first !== undefined) changeColumn(key, { model: first });
    // Once: whoever empties the field wants to type another one.
    // eslint-disable-next-line react/exhaustive-deps
  }, [first, key]);
  return names;
}
