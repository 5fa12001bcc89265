import { useTranslation } from 'react-i18next';

import type { SubPage } from '../../ui/page-header.tsx';

/** The gateway's own caches, and those of providers; as tabs. */
export function useCacheTabs(): readonly SubPage[] {
  const { t } = useTranslation('cache');
  return [
    { to: '/cache', label: t('answers') },
    { to: '/cache/prompts', label: t('doctor') },
  ];
}
