import type { Effective } from './wire.ts';

export const ORIGINS = ['default', 'file', 'env', 'preset', 'admin'] as const;
export type OriginKind = (typeof ORIGINS)[number];

/** `env:PORT` is of the kind `env`. */
export function originKind(origin: string): OriginKind {
  const [kind] = origin.split(':');
  return ORIGINS.find((known) => known === kind) ?? 'default';
}

/** Every word has to be somewhere in the key, the value, or where it came from. */
export function matches(one: Effective, search: string, origin: string): boolean {
  if (origin !== '' && originKind(one.origin) !== origin) return false;
  const text = `${one.path} ${String(one.value)} ${one.origin} ${one.variables.join(' ')}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
