import { useTranslation } from 'react-i18next';

import { count, money } from '../../format/numbers.ts';
import { Note } from '../../ui/states.tsx';
import { type ComparedRow, comparedTotals } from './price-rows.ts';

export interface Preview {
  /** `family/model@from`; none where it is stored already. */
  readonly added: readonly string[];
  /** The last 30 days with it, and with the prices of today. */
  readonly compared: readonly ComparedRow[];
  readonly today: readonly ComparedRow[];
}

/** What a price would do, before it is stored. */
export function PricePreview({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('cost');
  if (preview.added.length === 0) return <Note>{t('noChange')}</Note>;
  const after = comparedTotals(preview.compared);
  const before = comparedTotals(preview.today);
  const gained = before.unpricedAttempts - after.unpricedAttempts;
  return (
    <Note tone="good">
      <p className="font-medium">{t('wouldAdd', { name: preview.added.join(', ') })}</p>
      <p className="mt-1">
        {t('wouldCost', { before: money(before.repriced), after: money(after.repriced) })}{' '}
        {gained > 0 ? t('wouldPrice', { count: gained, shown: count(gained) }) : null}
      </p>
    </Note>
  );
}
