import { useTranslation } from 'react-i18next';

import { share as shareText } from '../../format/numbers.ts';
import { Note } from '../../ui/states.tsx';
import { amountIn } from './budget-amount.ts';
import { type BudgetDraft, bodyOf, consequencesOf, countsAnew } from './budget-draft.ts';
import { type Budget, standingsShown } from './budget-state.ts';
import { StateBadge } from './budget-words.tsx';

/** What an edit does, before it is saved. */
export function EditEffect({ budget, draft }: { readonly budget: Budget; readonly draft: BudgetDraft }) {
  const { t } = useTranslation('cost');
  const body = bodyOf(draft);
  if (countsAnew(budget, body)) return <Note tone="warn">{t('countsAnew')}</Note>;
  const consequences = consequencesOf(budget, body, standingsShown(budget));
  if (consequences.length === 0) return null;
  const isWorse = consequences.some(({ after }) => after === 'exhausted' || after === 'degraded');
  return (
    <Note tone={isWorse ? 'warn' : 'neutral'}>
      <p className="font-medium">{t('effect')}</p>
      <ul className="mt-1 space-y-1">
        {consequences.map(({ standing, limit, share, before, after }) => (
          <li key={standing.unit} className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span>
              {t(budget.subjects === undefined ? 'effectUsed' : 'effectMostUsed', {
                used: amountIn(standing.unit, standing.used + standing.reserved),
                limit: amountIn(standing.unit, limit),
                share: shareText(share, 0),
              })}
            </span>
            {before === after ? null : (
              <span className="flex items-center gap-1">
                <StateBadge state={before} />
                <span aria-hidden>→</span>
                <StateBadge state={after} />
              </span>
            )}
            {after === 'exhausted' ? (
              <span>{t(draft.hard && draft.atLimit === 'cap' ? 'effectCapped' : 'effectRefused')}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </Note>
  );
}
