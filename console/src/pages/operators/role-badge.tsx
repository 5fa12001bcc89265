import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { ROLE_TEXTS, ROLE_TONES, WAY_TEXTS, isKnown } from './roles.ts';

export function RoleBadge({ role }: { readonly role: string }) {
  const { t } = useTranslation('operators');
  return <Badge tone={ROLE_TONES[role] ?? 'neutral'}>{isKnown(ROLE_TEXTS, role) ? t(ROLE_TEXTS[role]) : role}</Badge>;
}

/** By what somebody signed in. */
export function Way({ by }: { readonly by: string }) {
  const { t } = useTranslation('shell');
  return <>{isKnown(WAY_TEXTS, by) ? t(WAY_TEXTS[by]) : by}</>;
}

/** The projects that somebody is held to. */
export function Projects({ names }: { readonly names: readonly string[] | null }) {
  const { t } = useTranslation('operators');
  const text = names === null ? t('allProjects') : names.join(', ');
  return <span title={text}>{text}</span>;
}
