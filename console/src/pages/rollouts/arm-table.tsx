import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count, duration, money, share } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Arm } from './wire.ts';

interface ArmTableProps {
  readonly of: { readonly arms: readonly Arm[]; readonly by: string; readonly run: string };
  /** As traces name arms: `canary:new`. */
  readonly prefix: string;
}

/** What each arm did, beside the others. */
export function ArmTable({ of: { arms }, prefix }: ArmTableProps) {
  const { t } = useTranslation('rollouts');
  const columns = useArmColumns(
    prefix,
    arms.reduce((sum, { weight }) => sum + weight, 0),
  );
  return (
    <Panel title={t('armsCompared')} hint={t('armsComparedHint')} flush>
      <DataTable label={t('armsCompared')} columns={columns} rows={arms} rowKey={({ name }) => name} />
    </Panel>
  );
}

type Measured = Arm['latency_ms'];

/** A mean, with how many values it is of. */
function Mean({
  of: { count: values, mean },
  text,
}: {
  readonly of: Measured;
  readonly text: (mean: number | null) => string;
}) {
  const { t } = useTranslation('rollouts');
  return <span title={t('ofValues', { count: values })}>{text(mean)}</span>;
}

function useArmColumns(prefix: string, weights: number): readonly Column<Arm>[] {
  const { t } = useTranslation(['rollouts', 'common']);
  return useMemo<readonly Column<Arm>[]>(() => {
    const right = { align: 'right', width: 'minmax(5.5rem, 1fr)' } as const;
    const score = (mean: number | null): string => share(mean);
    return [
      {
        id: 'name',
        header: t('arm'),
        cell: ({ name }) => (
          <Link
            to="/requests"
            search={{ arm: `${prefix}/${name}` }}
            className="font-medium hover:underline"
            title={t('armRequests')}
          >
            {name}
          </Link>
        ),
        width: 'minmax(8rem, 1.4fr)',
      },
      {
        id: 'weight',
        header: t('planned'),
        cell: ({ weight }) => share(weights === 0 ? null : weight / weights),
        ...right,
      },
      { id: 'drawn', header: t('drawn'), cell: ({ drawn }) => count(drawn), ...right },
      { id: 'requests', header: t('common:requests'), cell: ({ requests }) => count(requests), ...right },
      { id: 'errors', header: t('metric_errors'), cell: ({ error_rate: rate }) => share(rate), ...right },
      {
        id: 'latency',
        header: t('metric_latency'),
        cell: (arm) => <Mean of={arm.latency_ms} text={duration} />,
        ...right,
      },
      { id: 'ttft', header: t('metric_ttft'), cell: (arm) => <Mean of={arm.ttft_ms} text={duration} />, ...right },
      { id: 'cost', header: t('metric_cost'), cell: (arm) => <Mean of={arm.cost_usd} text={money} />, ...right },
      {
        id: 'feedback',
        header: t('metric_feedback'),
        cell: (arm) => <Mean of={arm.feedback} text={score} />,
        ...right,
      },
      { id: 'judge', header: t('metric_judge'), cell: (arm) => <Mean of={arm.judge} text={score} />, ...right },
    ];
  }, [t, prefix, weights]);
}
