import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import type { Budget, BudgetState } from './budget-state.ts';

const TONES: Readonly<Record<BudgetState, Tone>> = {
  within: 'good',
  alerted: 'warn',
  degraded: 'warn',
  exhausted: 'bad',
};

export function StateBadge({ state }: { readonly state: BudgetState }) {
  const { t } = useTranslation('cost');
  return <Badge tone={TONES[state]}>{t(`state_${state}`)}</Badge>;
}

/** `Project support`, `Each user`. */
export function useScopeText(): (budget: Pick<Budget, 'per' | 'id'>) => string {
  const { t } = useTranslation('cost');
  return useCallback(
    ({ per, id }) => (id === undefined ? t(`each_${per}`) : t('scopeOne', { group: t(`group_${per}`), id })),
    [t],
  );
}
