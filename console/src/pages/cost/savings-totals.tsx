import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { compact, count, money, share } from '../../format/numbers.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Stat } from '../../ui/stat.tsx';
import type { SavingsTotals as Totals } from './savings-rows.ts';
import { TilesSkeleton } from './usage-totals.tsx';

export function SavingsTotals({ answer }: { readonly answer: UseQueryResult<{ readonly totals: Totals }, unknown> }) {
  const { t } = useTranslation('cost');
  return (
    <QueryView query={answer} skeleton={<TilesSkeleton />}>
      {({ totals }) => (
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          <Stat
            label={t('saved')}
            value={money(totals.saved_usd)}
            tone={totals.saved_usd < 0 ? 'bad' : 'plain'}
            note={
              totals.unknown_requests > 0
                ? t('savedUnknown', { count: totals.unknown_requests, shown: count(totals.unknown_requests) })
                : t('savedNet')
            }
          />
          <Stat label={t('spentBeside')} value={money(totals.spent_usd)} note={t('spentBesideHint')} />
          <Stat label={t('savedShare')} value={share(totals.saved_share)} note={t('savedShareHint')} />
          <Stat
            label={t('savedTokens')}
            value={compact(totals.tokens.input + totals.tokens.output)}
            note={t('tokensInOut', { input: compact(totals.tokens.input), output: compact(totals.tokens.output) })}
          />
        </div>
      )}
    </QueryView>
  );
}
