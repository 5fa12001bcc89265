import { Type } from 'typebox';

import type { StoredKey } from './key-store.ts';
import type { ProviderKeyInfo } from './provider-key-store.ts';

const Moment = Type.String({ format: 'date-time' });
const Nullable = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);

/** A key as the admin API shows it. */
export const KeyView = Type.Object({
  id: Type.String(),
  hint: Type.String({ description: 'The last four characters.' }),
  project: Type.String(),
  user: Nullable(Type.String()),
  models: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'null = every model' }),
  created_at: Moment,
  expires_at: Nullable(Moment),
  revoked_at: Nullable(Moment),
});

export function keyView(key: StoredKey) {
  return {
    id: key.id,
    hint: key.hint,
    project: key.project,
    user: key.userId,
    models: key.models && [...key.models],
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}

export const ProviderKeyView = Type.Object({
  id: Type.String(),
  provider: Type.String(),
  hint: Type.String({ description: 'The last four characters.' }),
  created_at: Moment,
});

export function providerKeyView({ createdAt, ...rest }: ProviderKeyInfo) {
  return { ...rest, created_at: createdAt.toISOString() };
}
