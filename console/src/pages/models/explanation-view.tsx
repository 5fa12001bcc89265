import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count, duration, money } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Note } from '../../ui/states.tsx';
import type { Explanation } from './wire.ts';

type Candidate = Explanation['candidates'][number];

export function ExplanationView({ told }: { readonly told: Explanation }) {
  const { t } = useTranslation('models');
  const columns = useCandidateColumns();
  return (
    <div className="mt-4 space-y-3 text-[13px]" role="status">
      <Note tone="good">
        <p className="font-medium break-all">{told.target ?? t('nobody')}</p>
        <p className="mt-0.5">{told.reason}</p>
      </Note>
      <p>
        <span className="text-muted">{t('inOrder')}</span> {told.targets.join(' → ')}{' '}
        {told.confined ? <Badge tone="warn">{t('confined')}</Badge> : null}
      </p>
      {told.cascade === null ? null : <p>{t('cascadeWay', { to: told.cascade.to, why: told.cascade.why ?? '' })}</p>}
      {told.rollouts.length === 0 ? null : (
        <p>
          <span className="text-muted">{t('trying')}</span>{' '}
          {told.rollouts.map(({ kind, id, arm }) => `${kind} ${id} (${arm})`).join(', ')}
        </p>
      )}
      <Rules rules={told.rules} />
      <DataTable label={t('candidates')} columns={columns} rows={told.candidates} rowKey={({ target }) => target} />
    </div>
  );
}

function Rules({ rules }: { readonly rules: Explanation['rules'] }) {
  const { t } = useTranslation('models');
  if (rules.length === 0) return null;
  return (
    <ul className="space-y-1">
      {rules.map(({ name, holds, failing }) => (
        <li key={name} className="flex flex-wrap items-center gap-2">
          <Badge tone={holds ? 'good' : 'neutral'}>{holds ? t('ruleHolds') : t('ruleNot')}</Badge>
          <span>{name}</span>
          {failing === null ? null : <span className="text-muted">{t('ruleFails', { condition: failing })}</span>}
        </li>
      ))}
    </ul>
  );
}

function useCandidateColumns(): readonly Column<Candidate>[] {
  const { t } = useTranslation(['models', 'common']);
  return useMemo<readonly Column<Candidate>[]>(() => {
    const right = { align: 'right', width: 'minmax(5rem, 0.6fr)' } as const;
    return [
      {
        id: 'target',
        header: t('common:target'),
        cell: ({ target, cannot, left_alone: leftAlone }) => (
          <span title={cannot ?? target}>
            {target} {cannot === null ? null : <Badge tone="warn">{cannot}</Badge>}
            {leftAlone ? <Badge tone="bad">{t('leftAlone')}</Badge> : null}
          </span>
        ),
        width: 'minmax(9rem, 2fr)',
      },
      { id: 'cost', header: t('expectedCost'), cell: ({ cost_usd: cost }) => money(cost), ...right },
      { id: 'ttft', header: t('common:ttft'), cell: ({ ttft_ms: ttft }) => duration(ttft), ...right },
      { id: 'latency', header: t('common:latency'), cell: ({ latency_ms: latency }) => duration(latency), ...right },
      { id: 'inFlight', header: t('inFlight'), cell: ({ in_flight: inFlight }) => count(inFlight), ...right },
    ];
  }, [t]);
}
