import { randomBytes, timingSafeEqual } from 'node:crypto';

import { eq } from 'drizzle-orm';

import { asked } from '../../storage/database/asked.ts';
import { hashApiKey } from './api-key.ts';
import type { Orm } from '../../storage/revisions/revision-store.ts';
import { settings } from './schema.ts';

const SETTING = 'admin_key_hash';

export interface AdminKey {
  /** Compares in constant time. */
  check(key: string): boolean;
  /** Set where the key was made now: the one time that it can be shown. */
  readonly fresh: string | undefined;
}

/**
 * The admin key: the environment's, or else one that is made at the first start and kept as a hash.
 * @throws storage_unavailable
 */
export async function openAdminKey(orm: Orm, configured: string | undefined): Promise<AdminKey> {
  if (configured !== undefined && configured !== '') return adminKey(hashApiKey(configured), undefined);
  const fresh = `cwa-${randomBytes(32).toString('base64url')}`;
  const made = await asked(
    orm
      .insert(settings)
      .values({ name: SETTING, value: hashApiKey(fresh) })
      .onConflictDoNothing()
      .returning(),
  );
  if (made.length > 0) return adminKey(hashApiKey(fresh), fresh);
  const rows = await asked(orm.select().from(settings).where(eq(settings.name, SETTING)));
  return adminKey(rows[0]?.value ?? '', undefined);
}

function adminKey(hash: string, fresh: string | undefined): AdminKey {
  const expected = Buffer.from(hash);
  return {
    fresh,
    check(key) {
      const actual = Buffer.from(hashApiKey(key));
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
}
