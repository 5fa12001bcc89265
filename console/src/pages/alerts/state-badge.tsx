import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import type { RuleState } from './rule-state.ts';

const TONES: Readonly<Record<RuleState, Tone>> = {
  firing: 'bad',
  pending: 'warn',
  ok: 'good',
  unseen: 'neutral',
  events: 'neutral',
};

export function StateBadge({ state }: { readonly state: RuleState }) {
  const { t } = useTranslation('alerts');
  return (
    <Badge tone={TONES[state]} title={t(`stateHints.${state}`)}>
      {t(`states.${state}`)}
    </Badge>
  );
}
