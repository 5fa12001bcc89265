import type { Tone } from '../../ui/badge.tsx';

export type KeyState = 'live' | 'expiring' | 'expired' | 'revoked';

const SOON_MS = 7 * 86_400_000;

interface Dated {
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export function keyState({ expires_at: expires, revoked_at: revoked }: Dated, now: number): KeyState {
  if (revoked !== null) return 'revoked';
  if (expires === null) return 'live';
  const left = Date.parse(expires) - now;
  if (left <= 0) return 'expired';
  return left < SOON_MS ? 'expiring' : 'live';
}

export const STATE_TONES: Readonly<Record<KeyState, Tone>> = {
  live: 'good',
  expiring: 'warn',
  expired: 'neutral',
  revoked: 'bad',
};

export const EXPIRIES = ['never', '7d', '30d', '90d', '365d', 'custom'] as const;
export type Expiry = (typeof EXPIRIES)[number];

/** RFC 3339; undefined for a key that never expires. The day that was chosen is meant to its end, where the reader is. */
export function expiryDate(choice: Expiry, day: string, now: number): string | undefined {
  if (choice === 'never') return undefined;
  if (choice === 'custom') return new Date(`${day}T23:59:59`).toISOString();
  return new Date(now + Number.parseInt(choice, 10) * 86_400_000).toISOString();
}

/** `chat, gpt-*` or one a line. */
export function namesIn(text: string): string[] {
  const names = text.split(/[\s,，、]+/).filter((name) => name !== '');
  return [...new Set(names)];
}
