import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { share } from '../../format/numbers.ts';
import { span } from '../../format/spans.ts';
import { Badge } from '../../ui/badge.tsx';
import { Code } from '../../ui/code.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';

type Model = paths['/admin/v1/models']['get']['responses']['200']['content']['application/json']['data'][number];

const SNIPPET = `models:
  chat:
    target: openai/gpt-5-mini
    cache:
      exact: { ttl: 1h }
      semantic: { maxErrorRate: 0.02 }`;

function OnOff({ on, children }: { readonly on: boolean; readonly children?: string }) {
  const { t } = useTranslation(['cache', 'common']);
  return on ? (
    <Badge tone="good">{children ?? t('common:on')}</Badge>
  ) : (
    <span className="text-muted">{t('common:off')}</span>
  );
}

function useColumns(): readonly Column<Model>[] {
  const { t } = useTranslation(['cache', 'common']);
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('common:model'),
        cell: ({ name }) => (
          <Link to="/models/$model" params={{ model: name }} className="font-medium hover:underline">
            {name}
          </Link>
        ),
        sortBy: ({ name }) => name,
        width: 'minmax(10rem, 1.5fr)',
      },
      {
        id: 'exact',
        header: t('kind_exact'),
        cell: ({ cache }) => {
          const ttl = cache?.exact_ttl_ms ?? null;
          return <OnOff on={ttl !== null}>{t('forSo', { time: ttl === null ? '' : span(ttl) })}</OnOff>;
        },
      },
      { id: 'coalesce', header: t('kind_coalesced'), cell: ({ cache }) => <OnOff on={cache?.coalesce === true} /> },
      {
        id: 'semantic',
        header: t('kind_semantic'),
        cell: ({ cache }) => {
          const rate = cache?.semantic_max_error_rate ?? null;
          return <OnOff on={rate !== null}>{t('atMostWrong', { rate: share(rate) })}</OnOff>;
        },
        width: 'minmax(10rem, 1.2fr)',
      },
      {
        id: 'scope',
        header: t('scope'),
        cell: ({ cache }) => (cache === null ? '–' : t(`scope_${cache.scope as 'project'}`)),
      },
      {
        id: 'breakpoints',
        header: t('breakpoints'),
        cell: ({ prompt_cache: prompts }) => <OnOff on={prompts?.breakpoints === true} />,
      },
    ],
    [t],
  );
}

/** Which models have a cache; where none has one, how to turn it on. */
export function CacheModels() {
  const { t } = useTranslation('cache');
  const query = api.useQuery('get', '/admin/v1/models');
  const columns = useColumns();
  const how = (
    <>
      <p>{t('turnOnHint')}</p>
      <Code text={SNIPPET} wrap className="mt-3 text-left" />
    </>
  );
  return (
    <Panel title={t('models')} hint={t('modelsHint')} flush>
      <QueryView query={query}>
        {({ data }) => (
          <>
            {data.length > 0 && data.every(({ cache }) => cache === null) ? (
              <Empty title={t('noCaches')}>{how}</Empty>
            ) : null}
            <DataTable
              label={t('models')}
              columns={columns}
              rows={data}
              rowKey={({ name }) => name}
              {...(data.length > 12 && { height: '26rem' })}
              empty={<Empty title={t('noCaches')}>{how}</Empty>}
            />
          </>
        )}
      </QueryView>
    </Panel>
  );
}
