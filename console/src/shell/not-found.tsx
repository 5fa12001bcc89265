import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t('notFound')}
      action={
        <Button asChild>
          <Link to="/">{t('toOverview')}</Link>
        </Button>
      }
    />
  );
}
