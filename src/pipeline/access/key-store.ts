import type { ListPosition } from '../../storage/database/list-position.ts';

/** A key as it is kept: everything but the key. */
export interface StoredKey {
  readonly id: string;
  readonly hint: string;
  readonly project: string;
  readonly userId: string | null;
  /** Names, or prefixes with `*` at their end; null = every model. */
  readonly models: readonly string[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewKey {
  readonly project: string;
  readonly user?: string | undefined;
  readonly models?: readonly string[] | undefined;
  readonly expiresAt?: Date | undefined;
}

export interface KeyPage {
  readonly project?: string | undefined;
  readonly after?: ListPosition | undefined;
  readonly limit: number;
}

/** Which keys there are. Every call throws storage_unavailable where the database does not answer. */
export interface KeyStore {
  /** Makes a key; `key` is told here and never again. */
  create(key: NewKey): Promise<StoredKey & { readonly key: string }>;
  /** The same where there is no key at all, else undefined. Of several processes that ask at once, one makes it. */
  createFirst(key: NewKey): Promise<(StoredKey & { readonly key: string }) | undefined>;
  /** Newest first, revoked ones included. */
  list(): Promise<StoredKey[]>;
  /** Some of them, in the same order. */
  page(page: KeyPage): Promise<StoredKey[]>;
  /** Also one that is revoked. */
  find(id: string): Promise<StoredKey | undefined>;
  /** False where there is no such key, or it was revoked before. */
  revoke(id: string): Promise<boolean>;
  /** Hash → key of all that are not revoked. */
  live(): Promise<Map<string, StoredKey>>;
}
