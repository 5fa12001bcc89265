import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';

const TONES: Readonly<Record<string, Tone>> = { usable: 'good', limited: 'warn', refused: 'bad' };

/** What providers say of a key; undefined: nobody was asked with it yet. */
export function KeyStatus({ state }: { readonly state: string | undefined }) {
  const { t } = useTranslation('keys');
  if (state === undefined) return <Badge>{t('notAskedYet')}</Badge>;
  const word = state === 'usable' || state === 'limited' || state === 'refused' ? t(state) : state;
  return <Badge tone={TONES[state] ?? 'neutral'}>{word}</Badge>;
}
