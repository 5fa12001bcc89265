import { useTranslation } from 'react-i18next';

import type { SubPage } from '../../ui/page-header.tsx';

/** The pages about money, as tabs. */
export function useCostTabs(): readonly SubPage[] {
  const { t } = useTranslation('cost');
  return [
    { to: '/cost', label: t('usage') },
    { to: '/cost/budgets', label: t('budgets') },
    { to: '/cost/savings', label: t('savings') },
    { to: '/cost/prices', label: t('prices') },
  ];
}
