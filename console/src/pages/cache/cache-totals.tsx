import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { type UsageAnswer, useSavings, useUsage } from '../../api/usage.ts';
import { compact, count, money, share } from '../../format/numbers.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Stat } from '../../ui/stat.tsx';
import { savedByCaches } from './cache-savings.ts';
import { hitsOf, promptShare, rateOf } from './hit-rates.ts';
import type { OverviewAnswer, OverviewQuery, Window } from './window.ts';

interface CacheTotalsProps {
  readonly overview: OverviewQuery;
  readonly window: Window;
}

const GRID = 'grid grid-cols-2 gap-3 lg:grid-cols-4';

const tiles = (
  <div className={GRID}>
    {['a', 'b', 'c', 'd'].map((name) => (
      <Skeleton key={name} className="h-[5.75rem]" />
    ))}
  </div>
);

export function CacheTotals({ overview, window }: CacheTotalsProps) {
  const usage = useUsage({ ...window });
  return (
    <QueryView query={overview} skeleton={tiles}>
      {(found) => <Tiles overview={found} usage={usage.data} window={window} />}
    </QueryView>
  );
}

interface TilesProps {
  readonly overview: OverviewAnswer;
  readonly usage: UsageAnswer | undefined;
  readonly window: Window;
}

function Tiles({ overview: { totals, before }, usage, window }: TilesProps) {
  const { t } = useTranslation('cache');
  const savings = useSavings({ by: 'mechanism', ...window });
  const saved = savings.data === undefined ? undefined : savedByCaches(savings.data);
  const tokens = usage?.data[0]?.tokens;
  const earlier = rateOf(before.cache);
  return (
    <div className={GRID}>
      <Stat
        label={t('hitRate')}
        value={share(rateOf(totals.cache))}
        note={earlier === null ? t('nothingBefore') : t('dayBefore', { rate: share(earlier) })}
      />
      <Stat
        label={t('hits')}
        value={compact(hitsOf(totals.cache))}
        note={t('hitsBy', {
          exact: count(totals.cache.exact),
          coalesced: count(totals.cache.coalesced),
          semantic: count(totals.cache.semantic),
        })}
      />
      <Stat
        label={t('promptShare')}
        value={share(tokens === undefined ? null : promptShare(tokens))}
        note={t('promptTokens', { cached: compact(tokens?.cached ?? 0), input: compact(tokens?.input ?? 0) })}
      />
      <Stat
        label={t('saved')}
        value={money(saved?.usd)}
        tone={saved !== undefined && saved.usd > 0 ? 'good' : 'plain'}
        note={
          <Link to="/cost/savings" className="text-accent underline">
            {t('savedOf', { share: share(saved?.share ?? 0) })}
          </Link>
        }
      />
    </div>
  );
}
