import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { HEALTH_TONES, type Health } from './health.ts';
import { useStarted } from './use-started.ts';

export function HealthBadge({ health }: { readonly health: Health }) {
  const { t } = useTranslation('models');
  const started = useStarted();
  const isUnasked = health === 'unknown' && started !== undefined;
  return (
    <Badge
      tone={HEALTH_TONES[health]}
      title={isUnasked ? t('unaskedSince', { at: started }) : t(`health_${health}_hint`)}
    >
      {t(`health_${health}`)}
    </Badge>
  );
}
