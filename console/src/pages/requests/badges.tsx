import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';

const STATUS = { completed: 'statusCompleted', failed: 'statusFailed', aborted: 'statusAborted' } as const;
const STATUS_TONES = { completed: 'good', failed: 'bad', aborted: 'warn' } as const;

/** A word that this console has a name for; anything else is shown as it stands. */
export function known<Words extends object>(words: Words, word: string): (keyof Words & string) | undefined {
  return Object.hasOwn(words, word) ? (word as keyof Words & string) : undefined;
}

export function StatusBadge({ status }: { readonly status: string }) {
  const { t } = useTranslation();
  const name = known(STATUS, status);
  return name === undefined ? <Badge>{status}</Badge> : <Badge tone={STATUS_TONES[name]}>{t(STATUS[name])}</Badge>;
}

const CACHE_TONES = {
  miss: 'neutral',
  bypass: 'neutral',
  exact: 'accent',
  semantic: 'accent',
  coalesced: 'accent',
} as const;

export function CacheBadge({ state }: { readonly state: string | null }) {
  const { t } = useTranslation('requests');
  if (state === null) return null;
  const name = known(CACHE_TONES, state);
  return name === undefined ? (
    <Badge>{state}</Badge>
  ) : (
    <Badge tone={CACHE_TONES[name]}>{t(`cacheState.${name}`)}</Badge>
  );
}

const OUTCOME_TONES = {
  passed: 'good',
  flagged: 'warn',
  redacted: 'warn',
  blocked: 'bad',
  review: 'warn',
  repaired: 'accent',
  failed: 'bad',
  exempt: 'neutral',
  skipped: 'neutral',
} as const satisfies Record<string, Tone>;

export function GuardBadge({ outcome }: { readonly outcome: string }) {
  const { t } = useTranslation('requests');
  const name = known(OUTCOME_TONES, outcome);
  return name === undefined ? (
    <Badge>{outcome}</Badge>
  ) : (
    <Badge tone={OUTCOME_TONES[name]}>{t(`outcome.${name}`)}</Badge>
  );
}
