import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import { api } from '../api/client.ts';
import { rate, share } from '../format/numbers.ts';
import { Badge } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { Code } from '../ui/code.tsx';
import { Panel } from '../ui/panel.tsx';
import { Bar } from '../ui/progress.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { type Objective, burnsOf, toneOf } from './burns.ts';

const EXAMPLE = `models:
  chat:
    target: openai/gpt-5-mini
    objectives:
      availability: 0.999
      ttft: { below: 2s, of: 0.95 }
      window: 30d`;

const KINDS = ['availability', 'latency', 'ttft', 'cost'] as const;

interface ObjectivesProps {
  /** Over the width of a page: side by side. */
  readonly wide?: boolean;
}

/** What is left of the error budgets of each model, and how fast they are used up. */
export function Objectives({ wide = false }: ObjectivesProps) {
  const { t } = useTranslation('objectives');
  const query = api.useQuery('get', '/admin/v1/objectives');
  return (
    <Panel title={t('title')} hint={t('hint')}>
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <div className="max-w-2xl">
              <p className="mb-2 text-[13px] text-muted">{t('none')}</p>
              <Code text={EXAMPLE} />
            </div>
          ) : (
            <ul className={classes('gap-x-8 gap-y-4', wide ? 'grid md:grid-cols-2 xl:grid-cols-3' : 'flex flex-col')}>
              {data.map((one) => (
                <OneObjective key={`${one.model} ${one.objective}`} objective={one} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}

/** A budget that is overspent has nothing left: how often it was spent says more than a share below zero. */
function saidOf(left: number | null, t: TFunction<'objectives'>): string {
  if (left === null) return t('nothingCounted');
  return left < 0 ? t('budgetOver', { share: share(1 - left, 0) }) : t('budgetLeft', { share: share(left) });
}

function OneObjective({ objective: one }: { readonly objective: Objective }) {
  const { t } = useTranslation('objectives');
  const { model, objective, target, actual, budget_left: left, alert } = one;
  const kind = KINDS.find((known) => known === objective);
  const isCost = objective === 'cost';
  const write = (value: number | null): string => (isCost ? rate(value) : share(value, 2));
  const said = saidOf(left, t);
  const burns = burnsOf(one);
  return (
    <li className="min-w-0 text-[13px]">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 truncate font-medium">
          {model} · {kind === undefined ? objective : t(`kind_${kind}`)}
        </span>
        {alert === null ? null : <Badge tone={alert === 'critical' ? 'bad' : 'warn'}>{t('burning')}</Badge>}
        <span className="text-xs text-muted tabular-nums">
          {t(isCost ? 'actualCost' : 'actual', { actual: write(actual), target: write(target) })}
        </span>
      </div>
      <Bar className="mt-1" share={left === null || left < 0 ? 1 : left} tone={toneOf(left)} label={said} />
      <p className="mt-1 flex flex-wrap justify-between gap-x-3 text-xs text-muted tabular-nums">
        <span>{said}</span>
        {burns.length === 0 ? null : (
          <span title={t('burnHint')}>
            {t('burns', { burns: burns.map(({ window, times }) => `${times}× ${window}`).join(' · ') })}
          </span>
        )}
      </p>
    </li>
  );
}
