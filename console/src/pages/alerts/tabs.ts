import { useTranslation } from 'react-i18next';

import type { SubPage } from '../../ui/page-header.tsx';

/** What is watched, what happened, and who was told; as tabs. */
export function useAlertTabs(): readonly SubPage[] {
  const { t } = useTranslation('alerts');
  return [
    { to: '/alerts', label: t('rules') },
    { to: '/alerts/events', label: t('events') },
    { to: '/alerts/deliveries', label: t('deliveries') },
  ];
}
