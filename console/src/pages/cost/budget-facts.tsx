import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { count, share } from '../../format/numbers.ts';
import { Time } from '../../ui/figures.tsx';
import { amountIn } from './budget-amount.ts';
import { type Budget, type Standing, stateAt } from './budget-state.ts';
import { StateBadge } from './budget-words.tsx';

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-b border-line/70 py-1.5 last:border-0">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 text-right break-words tabular-nums">{children}</dd>
    </div>
  );
}

/** Figures and fields of a budget. */
export function BudgetFacts({
  budget,
  standing,
}: {
  readonly budget: Budget;
  readonly standing: Standing | undefined;
}) {
  const { t } = useTranslation('cost');
  const alerts = (budget.alertAt ?? [0.5, 0.8, 1]).map((at) => share(at, 0));
  return (
    <dl className="text-[13px]">
      {standing === undefined ? null : (
        <>
          <Fact name={t('state')}>
            <StateBadge state={stateAt(budget, standing.share)} />
          </Fact>
          <Fact name={t('used')}>{amountIn(standing.unit, standing.used)}</Fact>
          <Fact name={t('reserved')}>{amountIn(standing.unit, standing.reserved)}</Fact>
          <Fact name={t('remaining')}>{amountIn(standing.unit, standing.remaining)}</Fact>
          <Fact name={t('limit')}>{amountIn(standing.unit, standing.limit)}</Fact>
          <Fact name={t('perDay')}>{amountIn(standing.unit, standing.burnRate)}</Fact>
        </>
      )}
      <Fact name={t('period')}>
        {t(`period_${budget.period}`)}
        {budget.period === 'total' ? null : ` · ${budget.timeZone}`}
      </Fact>
      <Fact name={t('beginsAnew')}>{budget.resetsAt === null ? t('never') : <Time at={budget.resetsAt} />}</Fact>
      <Fact name={t('kind')}>
        {budget.hard ? t('hardMeans') : t('softMeans')}
        {budget.hard ? <span className="mt-1 block text-xs text-muted">{t('hardReserves')}</span> : null}
      </Fact>
      <Fact name={t('alertAt')}>{alerts.length === 0 ? t('none', { ns: 'common' }) : alerts.join(', ')}</Fact>
      {budget.degradeTo === undefined ? null : (
        <Fact name={t('degradeTo')}>
          {t('degradeFrom', { model: budget.degradeTo.model, at: share(budget.degradeTo.at, 0) })}
        </Fact>
      )}
      <Fact name={t('atLimit')}>
        {t(`atLimit_${budget.atLimit}`)}
        {budget.paymentRequired ? ' · 402' : ''}
      </Fact>
      {budget.maxOutputTokens === undefined ? null : (
        <Fact name={t('maxOutputTokens')}>{count(budget.maxOutputTokens)}</Fact>
      )}
      {budget.settleAborted === undefined ? null : (
        <Fact name={t('settleAborted')}>{t(`settle_${budget.settleAborted}`)}</Fact>
      )}
    </dl>
  );
}
