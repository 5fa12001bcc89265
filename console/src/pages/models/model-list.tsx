import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Code } from '../../ui/code.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useModelColumns } from './model-columns.tsx';
import { useModels } from './use-models.ts';
import { useStarted } from './use-started.ts';

const MOST_ROWS = 15;
const EXAMPLE = `models:
  chat:
    target: sim/small
    fallback: [sim/large]`;

export function ModelList({ search }: { readonly search: string }) {
  const { t } = useTranslation(['models', 'common']);
  const navigate = useNavigate();
  const query = useModels();
  const columns = useModelColumns();
  const started = useStarted();
  const all = query.data?.data;
  const shown = useMemo(
    () =>
      (all ?? []).filter(({ name, targets }) =>
        [name, ...targets.map(({ target }) => target)].some((text) => text.toLowerCase().includes(search)),
      ),
    [all, search],
  );
  return (
    <Panel
      title={t('virtualModels')}
      hint={started === undefined ? t('virtualModelsHint') : t('virtualModelsHintSince', { at: started })}
      flush
    >
      <QueryView query={query}>
        {({ data }) => (
          <DataTable
            label={t('virtualModels')}
            columns={columns}
            rows={shown}
            rowKey={({ name }) => name}
            onOpen={({ name }) => void navigate({ to: `/models/${encodeURIComponent(name)}` })}
            empty={data.length === 0 ? <NoModels /> : <Empty title={t('common:nothingFound')} />}
            {...(shown.length > MOST_ROWS && { height: '34rem' })}
          />
        )}
      </QueryView>
    </Panel>
  );
}

function NoModels() {
  const { t } = useTranslation('models');
  return (
    <Empty title={t('noModels')} action={<Code text={EXAMPLE} className="w-80 max-w-full text-left" />}>
      {t('noModelsHint')}
    </Empty>
  );
}
