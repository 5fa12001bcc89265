import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSince } from '../../shell/use-since.ts';
import { Ago } from '../../ui/figures.tsx';
import { Note } from '../../ui/states.tsx';
import { amountIn } from './budget-amount.ts';
import { type Budget, type Standing, scopeOf } from './budget-state.ts';

const EVERY_MS = 5000;

interface BudgetRefusalProps {
  readonly budget: Budget;
  readonly subject: string;
  readonly standing: Standing;
}

/** A hard budget refuses while something is left of it, where a request might cost more than that. */
export function BudgetRefusal({ budget, subject, standing }: BudgetRefusalProps) {
  const { t } = useTranslation('cost');
  const query = { ...scopeOf(budget.per, subject), since: useSince('1h'), limit: '1' };
  const { data } = api.useQuery('get', '/admin/v1/traces', { params: { query } }, { refetchInterval: EVERY_MS });
  const last = data?.data[0];
  if (last?.error?.code !== 'budget_exhausted' || standing.share >= 1) return null;
  return (
    <Note tone="warn" className="mb-3">
      {t('refusesNow', { left: amountIn(standing.unit, standing.remaining) })} (<Ago at={last.started_at} />)
    </Note>
  );
}
