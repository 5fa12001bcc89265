import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { useRolloutColumns } from './rollout-columns.tsx';
import { type RolloutRow, addressOf, urgencyOf } from './rollout-rows.ts';
import { useRollouts } from './use-rollouts.ts';
import { KINDS, kindOf } from './wire.ts';

const MOST_ROWS = 15;

export function RolloutList() {
  const { t } = useTranslation(['rollouts', 'common']);
  const [search, change] = useSearchState();
  const only = kindOf(search['kind']);
  const choices = [['all', t('common:all')] as const, ...KINDS.map((kind) => [kind, t(`many_${kind}`)] as const)];
  return (
    <Panel
      title={t('inList')}
      actions={
        <div className="max-w-full overflow-x-auto">
          <Segments
            label={t('kind')}
            value={only ?? 'all'}
            choices={choices}
            onChange={(kind) => change({ kind: kind === 'all' ? undefined : kind })}
          />
        </div>
      }
      flush
    >
      <Rows only={only} />
    </Panel>
  );
}

function Rows({ only }: { readonly only: RolloutRow['kind'] | undefined }) {
  const { t } = useTranslation('rollouts');
  const navigate = useNavigate();
  const { rows, queries } = useRollouts();
  const columns = useRolloutColumns();
  const shown = useMemo(
    () =>
      (rows ?? [])
        .filter(({ kind }) => only === undefined || kind === only)
        .toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || a.id.localeCompare(b.id)),
    [rows, only],
  );
  const failed = queries.find(({ isError, data }) => isError && data === undefined);
  if (failed !== undefined) {
    return <Failure error={failed.error} retry={() => void failed.refetch()} className="m-4" />;
  }
  if (rows === undefined) return <RowsSkeleton />;
  return (
    <DataTable
      label={t('inList')}
      columns={columns}
      rows={shown}
      rowKey={({ kind, id }) => `${kind} ${id}`}
      onOpen={(row) => void navigate({ to: addressOf(row) })}
      empty={<Nothing kind={only ?? 'canaries'} isAll={only === undefined} />}
      {...(shown.length > MOST_ROWS && { height: 'calc(100dvh - 15rem)' })}
    />
  );
}

function Nothing({ kind, isAll }: { readonly kind: RolloutRow['kind']; readonly isAll: boolean }) {
  const { t } = useTranslation('rollouts');
  const [, change] = useSearchState();
  const mayEdit = useMay('editor');
  return (
    <Empty
      title={isAll ? t('nothing') : t(`none_${kind}`)}
      action={
        <Button kind="primary" disabled={!mayEdit} onClick={() => change({ new: kind })}>
          {t(`new_${kind}`)}
        </Button>
      }
    >
      {isAll ? (
        <ul className="list-disc space-y-1 pl-5 text-left">
          {KINDS.map((one) => (
            <li key={one}>{t(`what_${one}`)}</li>
          ))}
        </ul>
      ) : (
        t(`what_${kind}`)
      )}
    </Empty>
  );
}
