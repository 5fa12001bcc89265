import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { asked } from '../../storage/database/asked.ts';
import { comesAfter } from '../../storage/database/list-position.ts';
import { storableText } from '../../storage/database/storable.ts';
import { and, desc, eq, isNull } from '../../storage/drizzle/queries.ts';
import { hashApiKey, keyHint, newApiKey } from './api-key.ts';
import type { KeyPage, KeyStore, NewKey, StoredKey } from './key-store.ts';
import { type Orm, type Transaction, change } from '../../storage/revisions/revision-store.ts';
import { apiKeys } from './schema.ts';

/** Keys in the database, embedded or not. */
export class PostgresKeyStore implements KeyStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  create(input: NewKey): Promise<StoredKey & { readonly key: string }> {
    return change(this.#orm, 'api_keys', (transaction) => this.#insert(transaction, input));
  }

  async createFirst(input: NewKey): Promise<(StoredKey & { readonly key: string }) | undefined> {
    if (await asked(hasKeys(this.#orm))) return undefined;
    // Changes of keys wait for each other, so that who comes second sees what the first has made.
    return change(this.#orm, 'api_keys', async (transaction) => {
      return (await hasKeys(transaction)) ? undefined : this.#insert(transaction, input);
    });
  }

  async list(): Promise<StoredKey[]> {
    const rows = await asked(
      this.#orm
        .select()
        .from(apiKeys)
        .orderBy(...NEWEST_FIRST),
    );
    return rows.map(({ hash: _hash, ...key }) => key);
  }

  async page({ project, after, limit }: KeyPage): Promise<StoredKey[]> {
    const ofProject = project === undefined ? undefined : eq(apiKeys.project, project);
    const isAfter = after && comesAfter(apiKeys.createdAt, apiKeys.id, after);
    const rows = await asked(
      this.#orm
        .select()
        .from(apiKeys)
        .where(and(ofProject, isAfter))
        .orderBy(...NEWEST_FIRST)
        .limit(limit),
    );
    return rows.map(({ hash: _hash, ...key }) => key);
  }

  async find(id: string): Promise<StoredKey | undefined> {
    const rows = await asked(
      this.#orm
        .select()
        .from(apiKeys)
        .where(eq(apiKeys.id, storableText(id))),
    );
    return rows.map(({ hash: _hash, ...key }) => key)[0];
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

  async #insert(transaction: Transaction, input: NewKey): Promise<StoredKey & { readonly key: string }> {
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
    await transaction.insert(apiKeys).values({ ...rest, models: models && [...models], hash: hashApiKey(key) });
    return { ...row, key };
  }
}

const NEWEST_FIRST = [desc(apiKeys.createdAt), desc(apiKeys.id)] as const;

async function hasKeys(orm: Pick<Orm, 'select'>): Promise<boolean> {
  return (await orm.select({ id: apiKeys.id }).from(apiKeys).limit(1)).length > 0;
}
