import { Link } from '@tanstack/react-router';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type UsageRow } from '../../api/usage.ts';
import { change, compact, count, money, share } from '../../format/numbers.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Stat } from '../../ui/stat.tsx';
import { tokensOf } from './usage-rows.ts';

type Answer = UseQueryResult<{ readonly data: readonly UsageRow[] }, unknown>;

const GRID = 'grid grid-cols-2 gap-3 lg:grid-cols-4';

export function TilesSkeleton() {
  return (
    <div className={GRID}>
      {['a', 'b', 'c', 'd'].map((name) => (
        <Skeleton key={name} className="h-[5.75rem]" />
      ))}
    </div>
  );
}

/** The sums of the time, against the same length before; what is unknown or assumed is said beside them. */
export function UsageTotals({ now, before }: { readonly now: Answer; readonly before: Answer }) {
  return (
    <QueryView query={now} skeleton={<TilesSkeleton />}>
      {({ data: [total] }) => (total === undefined ? null : <Tiles now={total} before={before.data?.data[0]} />)}
    </QueryView>
  );
}

function Tiles({ now, before }: { readonly now: UsageRow; readonly before: UsageRow | undefined }) {
  const { t } = useTranslation('cost');
  const against = (value: number | null, earlier: number | null | undefined): string => {
    const text = change(value, earlier);
    return text === '–' ? t('nothingBefore') : t('againstBefore', { change: text });
  };
  const unknown = now.cost_unknown_requests;
  const tokens = tokensOf(now);
  return (
    <div className={GRID}>
      <Stat label={t('cost')} value={money(now.cost_usd)} note={against(now.cost_usd, before?.cost_usd)} />
      <Stat label={t('requests')} value={compact(now.requests)} note={against(now.requests, before?.requests)} />
      <Stat
        label={t('tokens')}
        value={compact(tokens)}
        note={
          tokens === null
            ? t('nothingHere')
            : t('tokensInOut', { input: compact(now.tokens.input), output: compact(now.tokens.output) })
        }
      />
      <Stat
        label={t('unknownCost')}
        value={count(unknown)}
        tone={unknown > 0 ? 'warn' : 'plain'}
        note={
          unknown > 0 ? (
            <Link to="/cost/prices" className="text-accent underline">
              {t('addMissingPrices')}
            </Link>
          ) : (
            t('assumedPart', { share: share(now.cost_usd > 0 ? now.cost_assumed_usd / now.cost_usd : 0) })
          )
        }
      />
    </div>
  );
}
