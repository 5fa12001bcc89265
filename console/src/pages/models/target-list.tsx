import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { ResetTarget } from './reset-target.tsx';
import { useTargetColumns } from './target-columns.tsx';
import { useTargets } from './use-models.ts';
import { useStarted } from './use-started.ts';
import type { TargetState } from './wire.ts';

/** A target stands once for each set of rules that models have for it. */
export interface TargetRow extends TargetState {
  readonly id: string;
}

const MOST_ROWS = 15;

interface TargetListProps {
  readonly search: string;
  /** Only these. */
  readonly only?: ReadonlySet<string>;
}

export function TargetList({ search, only }: TargetListProps) {
  const { t } = useTranslation(['models', 'common']);
  const query = useTargets();
  const [resetting, setResetting] = useState<string>();
  const columns = useTargetColumns(useMay('editor'), setResetting);
  const all = query.data?.data;
  const rows = useMemo<readonly TargetRow[]>(
    () =>
      (all ?? [])
        .map((state, at) => ({ ...state, id: `${state.target} ${at}` }))
        .filter(({ target }) => target.toLowerCase().includes(search) && only?.has(target) !== false),
    [all, search, only],
  );
  const started = useStarted();
  const none = started === undefined ? t('noTargets') : t('noTargetsSince', { at: started });
  const empty = <Empty title={search === '' ? none : t('common:nothingFound')}>{t('noTargetsHint')}</Empty>;
  return (
    <Panel
      title={t('targets')}
      hint={started === undefined ? t('targetsHint') : t('targetsHintSince', { at: started })}
      flush
    >
      <QueryView query={query}>
        {() => (
          <DataTable
            label={t('targets')}
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            empty={empty}
            {...(rows.length > MOST_ROWS && { height: '34rem' })}
          />
        )}
      </QueryView>
      {resetting === undefined ? null : <ResetTarget target={resetting} onClose={() => setResetting(undefined)} />}
    </Panel>
  );
}
