import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { count, money, share } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Bar } from '../../ui/progress.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { RolloutFrame } from './rollout-frame.tsx';
import { shadowRow } from './rollout-rows.ts';
import { ShadowReportView } from './shadow-report.tsx';
import { LOOK_EVERY_MS } from './use-rollouts.ts';
import type { Shadow, ShadowReport } from './wire.ts';

export function ShadowView({ id }: { readonly id: string }) {
  const query = api.useQuery(
    'get',
    '/admin/v1/shadows/{id}',
    { params: { path: { id } } },
    { refetchInterval: LOOK_EVERY_MS },
  );
  return (
    <QueryView query={query} title={id} skeleton={<PageSkeleton />}>
      {(shadow) => <Whole shadow={shadow} />}
    </QueryView>
  );
}

function Whole({ shadow }: { readonly shadow: Shadow }) {
  const { t } = useTranslation('rollouts');
  const { report, id } = shadow;
  const requests = (
    <Button asChild>
      <Link to="/requests" search={{ model: `shadow:${id}` }}>
        {t('mirrored')}
      </Link>
    </Button>
  );
  return (
    <RolloutFrame
      row={shadowRow(shadow)}
      problem={shadow.problem}
      definition={
        shadow.definition ?? { model: shadow.model, share: shadow.share, set: shadow.set, judge: shadow.judge }
      }
      actions={requests}
    >
      {report === null ? null : (
        <>
          <Panel title={t('verdict')} hint={t('shadowHint', { share: share(shadow.share) })}>
            <p className="text-[13px] font-medium">{report.verdict}</p>
          </Panel>
          <ShadowReportView report={report} />
          <div className="grid gap-4 xl:grid-cols-2">
            <Budget budget={report.budget} />
            <LeftOut report={report} />
          </div>
        </>
      )}
    </RolloutFrame>
  );
}

function Budget({ budget }: { readonly budget: ShadowReport['budget'] }) {
  const { t } = useTranslation('rollouts');
  const { limit_usd: limit, spent_usd: spent, reserved_usd: reserved, left_usd: left, ends_at: ends } = budget;
  const used = limit === 0 ? 1 : (spent + reserved) / limit;
  return (
    <Panel title={t('budget')} hint={t('budgetHint')}>
      <Bar share={used} label={t('budget')} tone={used >= 1 ? 'bad' : used > 0.8 ? 'warn' : 'accent'} />
      <p className="mt-2 text-[13px] tabular-nums">
        {t('budgetText', { spent: money(spent), limit: money(limit), left: money(left) })}
        {ends === null ? null : (
          <span className="text-muted">
            {' '}
            · {t('budgetEnds')} <Ago at={ends} />
          </span>
        )}
      </p>
    </Panel>
  );
}

function LeftOut({ report: { left_out: leftOut, failures, requests } }: { readonly report: ShadowReport }) {
  const { t } = useTranslation('rollouts');
  const failed = Object.entries(failures);
  return (
    <Panel title={t('leftOut')} hint={t('leftOutHint', { requests: count(requests) })}>
      {leftOut.length === 0 && failed.length === 0 ? (
        <p className="text-[13px] text-muted">{t('nothingLeftOut')}</p>
      ) : (
        <ul className="space-y-1 text-[13px]">
          {leftOut.map(({ reason, count: of, description }) => (
            <li key={reason} className="flex gap-3">
              <span className="w-16 shrink-0 text-right tabular-nums">{count(of)}</span>
              <span title={reason}>{description === '' ? reason : description}</span>
            </li>
          ))}
          {failed.map(([code, of]) => (
            <li key={code} className="flex gap-3">
              <span className="w-16 shrink-0 text-right tabular-nums">{count(of)}</span>
              <span>{t('failedWith', { code })}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
