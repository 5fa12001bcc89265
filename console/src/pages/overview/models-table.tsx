import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count, money, share } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { HealthBadge } from '../models/health-badge.tsx';
import { type Health, HEALTHS, modelHealth } from '../models/health.ts';
import { useHealth, useModels } from '../models/use-models.ts';
import type { OverviewAnswer } from './ask-overview.ts';
import { Named } from './named.tsx';

type Row = OverviewAnswer['top']['models_by_requests'][number];
type HealthOf = (name: string | null) => Health;

interface ModelsTableProps {
  readonly models: readonly Row[];
  /** Whoever sees some projects alone is told nothing of what all share. */
  readonly seesAll: boolean;
}

export function ModelsTable({ models, seesAll }: ModelsTableProps) {
  return seesAll ? <WithHealth models={models} /> : <Table models={models} healthOf={undefined} />;
}

function WithHealth({ models }: Pick<ModelsTableProps, 'models'>) {
  const byTarget = useHealth();
  const { data: known } = useModels();
  const healthOf = useMemo((): HealthOf => {
    const byName = new Map((known?.data ?? []).map((model) => [model.name, modelHealth(model, byTarget)]));
    return (name) => (name === null ? undefined : (byName.get(name) ?? byTarget.get(name))) ?? 'unknown';
  }, [known, byTarget]);
  return <Table models={models} healthOf={healthOf} />;
}

interface TableProps extends Pick<ModelsTableProps, 'models'> {
  readonly healthOf: HealthOf | undefined;
}

/** Those that are asked most: how often, how well, and for how much. */
function Table({ models, healthOf }: TableProps) {
  const { t } = useTranslation(['overview', 'common']);
  const columns = useMemo((): readonly Column<Row>[] => {
    const health = healthOf === undefined ? [] : [healthColumn(t('health'), healthOf)];
    return [
      { ...NAME, header: t('common:model') },
      { ...REQUESTS, header: t('requests') },
      { ...ERRORS, header: t('errorRate') },
      { ...COST, header: t('cost') },
      ...health,
    ];
  }, [t, healthOf]);
  return (
    <Panel
      title={t('models')}
      hint={t('modelsHint')}
      actions={
        healthOf === undefined ? undefined : (
          <Link to="/models" className="text-xs font-medium text-accent hover:underline">
            {t('allModels')}
          </Link>
        )
      }
      flush
    >
      <DataTable label={t('models')} columns={columns} rows={models} rowKey={({ name }) => name ?? ''} />
    </Panel>
  );
}

function healthColumn(header: string, healthOf: HealthOf): Column<Row> {
  return {
    id: 'health',
    header,
    cell: ({ name }) => <HealthBadge health={healthOf(name)} />,
    sortBy: ({ name }) => HEALTHS.indexOf(healthOf(name)),
    width: '6rem',
  };
}

const RIGHT = { align: 'right', width: 'minmax(4rem, 0.6fr)' } as const;
const rateOf = ({ requests, errors }: Row): number | null => (requests === 0 ? null : errors / requests);

const NAME: Omit<Column<Row>, 'header'> = {
  id: 'name',
  cell: ({ name }) => <Named name={name} filter="model" />,
  sortBy: ({ name }) => name,
  width: 'minmax(6rem, 1.6fr)',
};
const REQUESTS: Omit<Column<Row>, 'header'> = {
  id: 'requests',
  cell: ({ requests }) => count(requests),
  sortBy: ({ requests }) => requests,
  ...RIGHT,
};
const ERRORS: Omit<Column<Row>, 'header'> = {
  id: 'errors',
  cell: (row) => <span className={row.errors > 0 ? 'text-bad' : ''}>{share(rateOf(row))}</span>,
  sortBy: rateOf,
  ...RIGHT,
};
const COST: Omit<Column<Row>, 'header'> = {
  id: 'cost',
  cell: ({ cost_usd: cost }) => money(cost),
  sortBy: ({ cost_usd: cost }) => cost,
  ...RIGHT,
};
