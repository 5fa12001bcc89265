import { and, desc, eq, isNull } from 'drizzle-orm';

import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { asked } from '../../storage/database/asked.ts';
import { storableText } from '../../storage/database/storable.ts';
import { hashApiKey, keyHint, newApiKey } from './api-key.ts';
import type { KeyStore, NewKey, StoredKey } from './key-store.ts';
import { type Orm, change, revisionOf } from '../../storage/revisions/revision-store.ts';
import { apiKeys } from './schema.ts';

/** Keys in the database, embedded or not. */
export class PostgresKeyStore implements KeyStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async create(input: NewKey): Promise<StoredKey & { readonly key: string }> {
    const key = newApiKey();
    const row: StoredKey = {
      id: newId('key'),
      hint: keyHint(key),
      project: storableText(input.project),
      userId: input.user === undefined ? null : storableText(input.user),
      models: input.models?.map(storableText) ?? null,
      createdAt: new Date(this.#clock.now()),
      expiresAt: input.expiresAt ?? null,
      revokedAt: null,
    };
    const { models, ...rest } = row;
    const values = { ...rest, models: models && [...models], hash: hashApiKey(key) };
    await change(this.#orm, 'api_keys', (transaction) => transaction.insert(apiKeys).values(values));
    return { ...row, key };
  }

  async list(): Promise<StoredKey[]> {
    const rows = await asked(this.#orm.select().from(apiKeys).orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)));
    return rows.map(({ hash: _hash, ...key }) => key);
  }

  revoke(id: string): Promise<boolean> {
    return change(this.#orm, 'api_keys', async (transaction) => {
      const revokedAt = new Date(this.#clock.now());
      const live = and(eq(apiKeys.id, storableText(id)), isNull(apiKeys.revokedAt));
      const rows = await transaction.update(apiKeys).set({ revokedAt }).where(live).returning({ id: apiKeys.id });
      return rows.length > 0;
    });
  }

  async live(): Promise<Map<string, StoredKey>> {
    const rows = await asked(this.#orm.select().from(apiKeys).where(isNull(apiKeys.revokedAt)));
    return new Map(rows.map(({ hash, ...key }) => [hash, key]));
  }

  revision(): Promise<number> {
    return revisionOf(this.#orm, 'api_keys');
  }
}
