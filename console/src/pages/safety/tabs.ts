import { useTranslation } from 'react-i18next';

import type { SubPage } from '../../ui/page-header.tsx';

/** What guards say, what they would say, and what waits for a person; as tabs. */
export function useSafetyTabs(): readonly SubPage[] {
  const { t } = useTranslation('safety');
  return [
    { to: '/safety', label: t('verdicts') },
    { to: '/safety/try', label: t('tryTab') },
    { to: '/safety/reviews', label: t('reviewsTab') },
  ];
}
