import { hash as digest, randomBytes, timingSafeEqual } from 'node:crypto';

import { asString } from '../../core/json.ts';
import { asked } from '../../storage/database/asked.ts';
import { eq } from '../../storage/drizzle/queries.ts';
import type { Revisions } from '../../storage/revisions/revision-follower.ts';
import type { Orm } from '../../storage/revisions/revision-store.ts';
import { hashApiKey } from './api-key.ts';
import { settings } from './schema.ts';

const SETTING = 'admin_key_hash';
const FINGERPRINT_LENGTH = 32;

export interface AdminKey {
  /** Compares in constant time. */
  check(key: string): boolean;
  /** Another one for another key, and none that says anything of it. */
  readonly fingerprint: string;
  /** Set where the key was made now: the one time that it can be shown. */
  readonly fresh: string | undefined;
}

/**
 * The admin key: the environment's, or else one that is made at the first start and kept as a hash.
 * @throws storage_unavailable
 */
export async function openAdminKey(orm: Orm, revisions: Revisions, configured: string | undefined): Promise<AdminKey> {
  const key = new HashedAdminKey();
  if (configured !== undefined && configured !== '') {
    key.hash = hashApiKey(configured);
    return key;
  }
  await revisions.follow({
    subject: 'admin_key',
    refresh: () => key.load(orm),
    kept: { save: () => key.hash, load: (kept) => (key.hash = asString(kept) ?? '') },
  });
  return key;
}

class HashedAdminKey implements AdminKey {
  /** Empty: no key is right. */
  hash = '';
  fresh: string | undefined;

  /** Of several processes that make the first key, the first one's stays. */
  async load(orm: Orm): Promise<void> {
    const made = this.hash === '' ? `cwa-${randomBytes(32).toString('base64url')}` : undefined;
    // A database that knows none, but a snapshot did, was begun anew: the key of this installation stays.
    const value = made === undefined ? this.hash : hashApiKey(made);
    const added = await asked(orm.insert(settings).values({ name: SETTING, value }).onConflictDoNothing().returning());
    if (added.length > 0) {
      this.hash = value;
      this.fresh = made;
      return;
    }
    const rows = await asked(orm.select().from(settings).where(eq(settings.name, SETTING)));
    this.hash = rows[0]?.value ?? '';
  }

  get fingerprint(): string {
    return digest('sha256', `fingerprint ${this.hash}`).slice(0, FINGERPRINT_LENGTH);
  }

  check(key: string): boolean {
    const expected = Buffer.from(this.hash);
    const actual = Buffer.from(hashApiKey(key));
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }
}
