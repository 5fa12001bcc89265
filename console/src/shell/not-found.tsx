import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';
import { usePageTitle } from './page-title.ts';

export function NotFound() {
  const { t } = useTranslation();
  usePageTitle(t('notFound'));
  return (
    <Empty
      title={<h1>{t('notFound')}</h1>}
      action={
        <Button asChild>
          <Link to="/">{t('toOverview')}</Link>
        </Button>
      }
    />
  );
}
