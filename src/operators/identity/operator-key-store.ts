import { randomUUID } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import type { Role } from '../../core/operator.ts';
import { asked } from '../../storage/database/asked.ts';
import { type ListPosition, comesAfter } from '../../storage/database/list-position.ts';
import { storableText } from '../../storage/database/storable.ts';
import { and, desc, eq, isNull } from '../../storage/drizzle/queries.ts';
import { type Orm, change } from '../../storage/revisions/revision-store.ts';
import { UUID } from '../uuid.ts';
import { hashSecret, hintOf, newOperatorKey } from './operator-key.ts';
import { operatorKeys } from './schema.ts';

/** An operator key as it is kept: everything but the key. */
export interface StoredOperatorKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: all. */
  readonly projects: readonly string[] | null;
  readonly hint: string;
  readonly createdAt: Date;
  /** The name of the operator who made it. */
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewOperatorKey {
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly string[] | undefined;
  readonly expiresAt: Date | undefined;
  readonly createdBy: string;
}

/** Which operator keys there are. Every call throws storage_unavailable where the database does not answer. */
export class OperatorKeyStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  /** Makes a key; `key` is told here and never again. */
  async create(input: NewOperatorKey): Promise<StoredOperatorKey & { readonly key: string }> {
    const key = newOperatorKey();
    const row = {
      id: randomUUID(),
      name: storableText(input.name),
      role: input.role,
      projects: input.projects?.map(storableText) ?? null,
      hint: hintOf(key),
      createdAt: new Date(this.#clock.now()),
      createdBy: input.createdBy,
      expiresAt: input.expiresAt ?? null,
      revokedAt: null,
    };
    await change(this.#orm, 'operators', (transaction) =>
      transaction.insert(operatorKeys).values({ ...row, keyHash: hashSecret(key) }),
    );
    return { ...row, key };
  }

  /** Newest first, revoked ones included. */
  async list(limit: number, after: ListPosition | undefined): Promise<StoredOperatorKey[]> {
    const query = this.#orm
      .select()
      .from(operatorKeys)
      .where(after && comesAfter(operatorKeys.createdAt, operatorKeys.id, after))
      .orderBy(desc(operatorKeys.createdAt), desc(operatorKeys.id))
      .limit(limit);
    return (await asked(query)).map(withoutHash);
  }

  async find(id: string): Promise<StoredOperatorKey | undefined> {
    if (!UUID.test(id)) return undefined;
    const rows = await asked(this.#orm.select().from(operatorKeys).where(eq(operatorKeys.id, id)));
    return rows.map(withoutHash)[0];
  }

  /** False where there is no such key, or it was revoked before. */
  async revoke(id: string): Promise<boolean> {
    if (!UUID.test(id)) return false;
    const revokedAt = new Date(this.#clock.now());
    const live = and(eq(operatorKeys.id, id), isNull(operatorKeys.revokedAt));
    return change(this.#orm, 'operators', async (transaction) => {
      const query = transaction.update(operatorKeys).set({ revokedAt }).where(live);
      return (await query.returning({ id: operatorKeys.id })).length > 0;
    });
  }

  /** Hash → key of all that are not revoked. */
  async live(): Promise<Map<string, StoredOperatorKey>> {
    const rows = await asked(this.#orm.select().from(operatorKeys).where(isNull(operatorKeys.revokedAt)));
    return new Map(rows.map((row) => [row.keyHash, withoutHash(row)]));
  }
}

function withoutHash({ keyHash: _hash, ...key }: StoredOperatorKey & { readonly keyHash: string }): StoredOperatorKey {
  return key;
}
