import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { type RolloutState, STATE_TONES } from './rollout-rows.ts';

export function StateBadge({ state }: { readonly state: RolloutState }) {
  const { t } = useTranslation('rollouts');
  return <Badge tone={STATE_TONES[state]}>{t(`state_${state}`)}</Badge>;
}
