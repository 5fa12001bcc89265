import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { partsOfTarget } from './price-draft.ts';
import { type MissingPrice, causeOf } from './price-rows.ts';
import { tokenColumns } from './usage-columns.tsx';

interface MissingPricesProps {
  readonly mayAdd: boolean;
  readonly onAdd: (family: string, model: string) => void;
}

const TONES = { none: 'bad', since: 'good', partly: 'warn' } as const;
const MOST_ROWS = 8;

/** Under which family the prices of a provider stand: its preset, else its type. */
function useFamilies(): ReadonlyMap<string, string> {
  const { data } = api.useQuery('get', '/admin/v1/providers');
  return useMemo(() => new Map((data?.data ?? []).map(({ name, family }) => [name, family])), [data]);
}

/** Targets that were called at an unknown cost: unknown is not free. */
export function MissingPrices({ mayAdd, onAdd }: MissingPricesProps) {
  const { t } = useTranslation('cost');
  const missing = api.useQuery('get', '/admin/v1/prices/missing');
  const columns = useMissingColumns({ mayAdd, onAdd });
  return (
    <Panel title={t('missingPrices')} hint={t('missingPricesHint')} flush>
      <QueryView query={missing}>
        {({ data }) => (
          <DataTable
            label={t('missingPrices')}
            columns={columns}
            rows={data}
            rowKey={({ target }) => target}
            empty={<p className="px-4 pb-4 text-[13px] text-muted">{t('nothingMissing')}</p>}
            {...(data.length > MOST_ROWS && { height: '22rem' })}
          />
        )}
      </QueryView>
    </Panel>
  );
}

function useMissingColumns({ mayAdd, onAdd }: MissingPricesProps): readonly Column<MissingPrice>[] {
  const { t } = useTranslation('cost');
  const families = useFamilies();
  return useMemo<Column<MissingPrice>[]>(() => {
    const right = { align: 'right', width: 'minmax(6rem, 0.6fr)' } as const;
    return [
      {
        id: 'target',
        header: t('group_target'),
        cell: ({ target }) => <span title={target}>{target}</span>,
        sortBy: ({ target }) => target,
        width: 'minmax(12rem, 2fr)',
      },
      {
        id: 'cause',
        header: t('why'),
        cell: (row) => <Badge tone={TONES[causeOf(row)]}>{t(`cause_${causeOf(row)}`)}</Badge>,
        sortBy: causeOf,
        width: 'minmax(13rem, 1.6fr)',
      },
      {
        id: 'requests',
        header: t('requests'),
        cell: ({ requests }) => count(requests),
        sortBy: ({ requests }) => requests,
        ...right,
      },
      ...tokenColumns<MissingPrice>(t),
      {
        id: 'seen',
        header: t('lastCalled'),
        cell: (row) => <Ago at={row.last_seen} />,
        sortBy: (row) => row.last_seen,
        ...right,
      },
      {
        id: 'add',
        header: '',
        cell: ({ target }) => {
          const { provider, model } = partsOfTarget(target);
          return (
            <Button
              size="small"
              disabled={!mayAdd}
              aria-label={t('addPriceOf', { target })}
              onClick={() => onAdd(families.get(provider) ?? provider, model)}
            >
              {t('addPrice')}
            </Button>
          );
        },
        width: '7rem',
      },
    ];
  }, [t, mayAdd, onAdd, families]);
}
