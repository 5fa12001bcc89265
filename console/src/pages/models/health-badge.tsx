import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { HEALTH_TONES, type Health } from './health.ts';

export function HealthBadge({ health }: { readonly health: Health }) {
  const { t } = useTranslation('models');
  return (
    <Badge tone={HEALTH_TONES[health]} title={t(`health_${health}_hint`)}>
      {t(`health_${health}`)}
    </Badge>
  );
}
