import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { SavingsAnswer } from '../../api/usage.ts';
import { compact, count, money, share } from '../../format/numbers.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Stat } from '../../ui/stat.tsx';
import { savedTokens } from './savings-rows.ts';
import { TilesSkeleton } from './usage-totals.tsx';

export function SavingsTotals({ answer }: { readonly answer: UseQueryResult<SavingsAnswer, unknown> }) {
  const { t } = useTranslation('cost');
  return (
    <QueryView query={answer} skeleton={<TilesSkeleton />}>
      {({ data, totals }) => (
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
          <SavedTokens of={savedTokens(data)} />
        </div>
      )}
    </QueryView>
  );
}

function SavedTokens({ of: { input, output } }: { readonly of: ReturnType<typeof savedTokens> }) {
  const { t } = useTranslation('cost');
  return (
    <Stat
      label={t('savedTokens')}
      value={compact(input + output)}
      note={t('tokensInOut', { input: compact(input), output: compact(output) })}
    />
  );
}
