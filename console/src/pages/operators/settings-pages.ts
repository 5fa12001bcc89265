import { useTranslation } from 'react-i18next';

import type { SubPage } from '../../ui/page-header.tsx';

/** What stands under Settings. */
export function useSettingsPages(): SubPage[] {
  const { t } = useTranslation('operators');
  return [
    { to: '/settings', label: t('tabConfiguration') },
    { to: '/settings/health', label: t('tabHealth') },
    { to: '/settings/operators', label: t('tabOperators') },
    { to: '/settings/audit', label: t('tabAudit') },
  ];
}
