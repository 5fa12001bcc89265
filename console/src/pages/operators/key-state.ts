export type KeyState = 'live' | 'expired' | 'revoked';

interface KeyTimes {
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

/** Whether a key still lets somebody in. */
export function keyState({ expires_at: expiry, revoked_at: revoked }: KeyTimes, now: number): KeyState {
  if (revoked !== null) return 'revoked';
  return expiry !== null && Date.parse(expiry) <= now ? 'expired' : 'live';
}

/** Names separated by commas or lines, each once. */
export function namesIn(text: string): string[] {
  const names = text.split(/[,，\n]/).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

export const EXPIRIES = ['never', '1d', '30d', '90d', '365d'] as const;
export type Expiry = (typeof EXPIRIES)[number];
const DAY_MS = 86_400_000;

/** The moment at which a key made now expires; undefined for never. */
export function expiryAt(expiry: Expiry, now: number): string | undefined {
  return expiry === 'never' ? undefined : new Date(now + Number.parseInt(expiry, 10) * DAY_MS).toISOString();
}
