import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import { known } from '../requests/badges.tsx';
import { usePlaceName } from '../safety/place-name.ts';
import { type Reason, type Review, kindOf } from './wire.ts';

const TONES: Readonly<Record<string, Tone>> = {
  waiting: 'warn',
  approved: 'accent',
  used: 'good',
  done: 'good',
  rejected: 'bad',
  expired: 'neutral',
  failed: 'bad',
};

export function StateBadge({ state }: Pick<Review, 'state'>) {
  const { t } = useTranslation('reviews');
  const words = t('state', { returnObjects: true });
  const name = known(words, state);
  return <Badge tone={TONES[state] ?? 'neutral'}>{name === undefined ? state : words[name]}</Badge>;
}

export function KindBadge({ review }: { readonly review: Review }) {
  const { t } = useTranslation('reviews');
  return <Badge>{t(`kind.${kindOf(review)}`)}</Badge>;
}

/** `injection, input · score 0.9 · jailbreak × 2`. */
export function useReasonWords(): (reason: Reason) => string {
  const { t } = useTranslation('reviews');
  const placeName = usePlaceName();
  return ({ guard, place, score, found = {}, tool }) =>
    [
      `${guard}, ${placeName(place)}`,
      tool === undefined ? '' : t('tool', { tool }),
      score === undefined ? '' : t('score', { score: Number(score.toFixed(2)) }),
      Object.entries(found)
        .map(([category, times]) => `${category} × ${times}`)
        .join(', '),
    ]
      .filter((part) => part !== '')
      .join(' · ');
}
