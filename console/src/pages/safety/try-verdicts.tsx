import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { duration } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/states.tsx';
import { GuardBadge } from '../requests/badges.tsx';
import { isRecord } from '../../format/is-record.ts';
import { usePlaceName } from './place-name.ts';
import type { TryVerdict } from './wire.ts';

const MICROS = 1000;

/** One line for each guard and place. */
export function TryVerdicts({ verdicts }: { readonly verdicts: readonly TryVerdict[] }) {
  const { t } = useTranslation('safety');
  const columns = useColumns();
  const rows = useMemo(() => verdicts.map((verdict, at) => ({ ...verdict, at })), [verdicts]);
  return (
    <DataTable
      label={t('said')}
      columns={columns}
      rows={rows}
      rowKey={({ at }) => String(at)}
      empty={<Empty title={t('saidNone')} />}
    />
  );
}

type Row = TryVerdict & { readonly at: number };

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('safety');
  const placeName = usePlaceName();
  return useMemo(
    () => [
      {
        id: 'guard',
        header: t('guard'),
        cell: ({ guard, policy }) => (
          <span className="font-medium" title={policy}>
            {guard}
          </span>
        ),
        width: 'minmax(7rem, 1fr)',
      },
      { id: 'place', header: t('where'), cell: ({ place }) => placeName(place), width: 'minmax(5rem, 1fr)' },
      {
        id: 'outcome',
        header: t('outcomeWord'),
        cell: ({ outcome }) => <GuardBadge outcome={outcome} />,
        width: '6rem',
      },
      {
        id: 'found',
        header: t('found'),
        cell: (verdict) => <FoundWords verdict={verdict} />,
        width: 'minmax(6rem, 2fr)',
      },
      {
        id: 'score',
        header: t('score'),
        cell: ({ score, threshold }) => <Score score={score} threshold={threshold} />,
        align: 'right',
        width: '5.5rem',
      },
      {
        id: 'took',
        header: t('took'),
        cell: ({ micros }) => duration(micros / MICROS),
        align: 'right',
        width: '5rem',
      },
    ],
    [t, placeName],
  );
}

/** What was found how often; else why there is nothing to say. */
function FoundWords({ verdict: { found, detail } }: { readonly verdict: TryVerdict }) {
  const categories = Object.entries(found).map(([category, times]) => `${category} × ${times}`);
  const why = isRecord(detail) && typeof detail['reason'] === 'string' ? [detail['reason']] : [];
  const words = (categories.length > 0 ? categories : why).join(', ');
  return words === '' ? <span className="text-muted">–</span> : <span title={words}>{words}</span>;
}

function Score({ score, threshold }: Pick<TryVerdict, 'score' | 'threshold'>) {
  const { t } = useTranslation('safety');
  if (score === null) return <span className="text-muted">–</span>;
  const rounded = Number(score.toFixed(2));
  // Of some guards everything counts that they find.
  const isBounded = threshold !== null && threshold > 0;
  return <>{isBounded ? t('scoreOf', { score: rounded, threshold }) : rounded}</>;
}
