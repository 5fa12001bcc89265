import { useTranslation } from 'react-i18next';

import { BarList } from '../../charts/bar-list.tsx';
import { compact, money } from '../../format/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import type { OverviewAnswer } from './ask-overview.ts';
import { Named } from './named.tsx';

export function TopLists({ top }: { readonly top: OverviewAnswer['top'] }) {
  const { t } = useTranslation('overview');
  return (
    <div className="grid gap-3 md:grid-cols-2">
      <Panel title={t('costliest')}>
        {top.projects_by_cost.length === 0 ? <p className="text-[13px] text-muted">{t('noProjects')}</p> : null}
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
