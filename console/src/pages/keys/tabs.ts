import { useTranslation } from 'react-i18next';

import type { SubPage } from '../../ui/page-header.tsx';

/** Who may call, how much, and with whose keys; as tabs. */
export function useKeyTabs(): readonly SubPage[] {
  const { t } = useTranslation('keys');
  return [
    { to: '/keys', label: t('apiKeys') },
    { to: '/keys/projects', label: t('projects') },
    { to: '/keys/limits', label: t('limits') },
    { to: '/keys/providers', label: t('providerKeys') },
  ];
}
