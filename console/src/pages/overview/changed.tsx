import { useTranslation } from 'react-i18next';

import { compact, money } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { OverviewAnswer } from './ask-overview.ts';
import { beforeOf } from './before.ts';
import { Named } from './named.tsx';

type Changed = OverviewAnswer['changed'];
type Change = Changed['models'][number];

const KINDS = [
  { list: 'models', kind: 'kindModel', filter: 'model' },
  { list: 'projects', kind: 'kindProject', filter: 'project' },
  { list: 'targets', kind: 'kindTarget', filter: 'target' },
] as const;
const MOST = 8;
const WORDS = { requests: 'Requests', errors: 'Errors', cost: 'Cost' } as const;

/** Before and now of what changed most. */
function valuesOf({ most, requests, errors, cost_usd: cost }: Change): { before: string; now: string } {
  if (most === 'cost') return { before: money(cost.before), now: money(cost.now) };
  const { before, now } = most === 'errors' ? errors : requests;
  return { before: compact(before), now: compact(now) };
}

/** What is other than it was in the time before, in words that lead to the requests themselves. */
export function WhatChanged({ overview }: { readonly overview: OverviewAnswer }) {
  const { t } = useTranslation('overview');
  const { changed } = overview;
  const { days, isKept } = beforeOf(overview);
  const rows = KINDS.flatMap(({ list, kind, filter }) =>
    changed[list].map((one) => ({
      kind: t(kind),
      name: one.name,
      filter,
      text: t(`changed${WORDS[one.most as keyof typeof WORDS]}`, valuesOf(one)),
    })),
  );
  const errors = changed.errors.map(({ code, count }) => ({
    kind: t('kindError'),
    name: code,
    filter: 'error_code' as const,
    text: t('changedRequests', { before: compact(count.before), now: compact(count.now) }),
  }));
  const all = [...errors, ...rows].slice(0, MOST);
  return (
    <Panel title={t('changed')} hint={days === 1 ? t('changedHint') : t('changedHintDays', { days })}>
      {all.length === 0 ? (
        <p className="text-[13px] text-muted">{t(isKept ? 'changedNothing' : 'changedNotKept')}</p>
      ) : null}
      <ul className="space-y-1.5">
        {all.map(({ kind, name, filter, text }) => (
          <li key={`${filter} ${name}`} className="flex items-baseline gap-2 text-[13px]">
            <Badge className="shrink-0">{kind}</Badge>
            <span className="min-w-0 flex-1 truncate font-medium">
              <Named name={name} filter={filter} />
            </span>
            <span className="shrink-0 text-muted tabular-nums">{text}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
