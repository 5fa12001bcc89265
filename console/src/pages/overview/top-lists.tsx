import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { BarList } from '../../charts/bar-list.tsx';
import { compact, money } from '../../format/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import type { OverviewAnswer } from './ask-overview.ts';

interface NamedProps {
  readonly name: string | null;
  /** The filter of the list of requests that this name stands for. */
  readonly filter: string;
}

function Named({ name, filter }: NamedProps) {
  const { t } = useTranslation('overview');
  if (name === null) return <span className="text-muted">{t('nobody')}</span>;
  return (
    <Link to="/requests" search={{ [filter]: name }} className="hover:underline">
      {name}
    </Link>
  );
}

export function TopLists({ top }: { readonly top: OverviewAnswer['top'] }) {
  const { t } = useTranslation('overview');
  return (
    <div className="grid gap-3 lg:grid-cols-3">
      <Panel title={t('models')} hint={t('modelsHint')}>
        <BarList
          rows={top.models_by_requests.map(({ name, requests }) => ({
            id: name ?? '',
            label: <Named name={name} filter="virtual_model" />,
            value: requests,
            text: compact(requests),
          }))}
        />
      </Panel>
      <Panel title={t('costliest')}>
        <BarList
          rows={top.projects_by_cost.map(({ name, cost_usd: cost }) => ({
            id: name ?? '',
            label: <Named name={name} filter="project" />,
            value: cost,
            text: money(cost),
          }))}
        />
      </Panel>
      <Panel title={t('errors')}>
        {top.errors.length === 0 ? <p className="text-[13px] text-muted">{t('noErrors')}</p> : null}
        <BarList
          rows={top.errors.map(({ code, count }) => ({
            id: code,
            label: <Named name={code} filter="error_code" />,
            value: count,
            text: compact(count),
          }))}
        />
      </Panel>
    </div>
  );
}
