import type { Tone } from '../../ui/badge.tsx';

/** Names of roles and ways to sign in, as keys of the texts; what is not known is shown as it came. */
export const ROLE_TEXTS = { admin: 'roleAdmin', editor: 'roleEditor', viewer: 'roleViewer' } as const;
export const WAY_TEXTS = {
  'admin-key': 'wayAdminKey',
  'operator-key': 'wayOperatorKey',
  'single-sign-on': 'waySingleSignOn',
} as const;
export const ROLE_TONES: Readonly<Record<string, Tone>> = { admin: 'warn', editor: 'accent', viewer: 'neutral' };

export function isKnown<Texts extends object>(texts: Texts, name: string): name is Extract<keyof Texts, string> {
  return Object.hasOwn(texts, name);
}
