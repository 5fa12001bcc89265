import type { Principal } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Revisions } from '../../storage/revisions/revision-follower.ts';
import { hashApiKey, looksLikeApiKey } from './api-key.ts';
import type { KeyStore, StoredKey } from './key-store.ts';

interface LiveKey {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Which organisation a project belongs to, if it does. */
type OrganisationOf = (project: string) => string | undefined;

export interface KeyDirectoryDeps {
  readonly store: Pick<KeyStore, 'live'>;
  readonly clock: Clock;
  readonly revisions: Revisions;
  readonly organisationOf: OrganisationOf;
}

/** The keys in force, in memory: the request path asks it and never the database. */
export class KeyDirectory {
  readonly #deps: KeyDirectoryDeps;
  #stored: ReadonlyMap<string, StoredKey> = new Map();
  #keys: ReadonlyMap<string, LiveKey> = new Map();

  constructor(deps: KeyDirectoryDeps) {
    this.#deps = deps;
  }

  /** Loads all keys, then follows their changes. Rejects where the first load fails. */
  start(): Promise<void> {
    return this.#deps.revisions.follow({
      subject: 'api_keys',
      refresh: async () => this.#replace(await this.#deps.store.live()),
      kept: {
        save: () => [...this.#stored].map(([hash, key]): Json => [hash, toJson(key)]),
        load: (kept) => this.#replace(new Map((kept as [string, JsonObject][]).map(fromJson))),
      },
    });
  }

  /** Sees a change at once, after one was made in this process. */
  refresh(): Promise<void> {
    return this.#deps.revisions.refresh();
  }

  /** Projects belong to other organisations now. */
  organisationsChanged(): void {
    this.#replace(this.#stored);
  }

  /** Who holds this key; undefined where it is unknown, expired or revoked. */
  find(key: string): Principal | undefined {
    if (!looksLikeApiKey(key)) return undefined;
    const live = this.#keys.get(hashApiKey(key));
    return live && live.expiresAt > this.#deps.clock.now() ? live.principal : undefined;
  }

  /** Who holds the key of this id; undefined as above. For what is asked on behalf of somebody later. */
  ofId(keyId: string): Principal | undefined {
    const now = this.#deps.clock.now();
    for (const { principal, expiresAt } of this.#keys.values()) {
      if (principal.keyId === keyId) return expiresAt > now ? principal : undefined;
    }
    return undefined;
  }

  #replace(stored: ReadonlyMap<string, StoredKey>): void {
    const { organisationOf } = this.#deps;
    this.#stored = stored;
    this.#keys = new Map([...stored].map(([hash, key]) => [hash, liveKey(key, organisationOf(key.project))]));
  }
}

function liveKey({ id, project, userId, models, expiresAt }: StoredKey, organisation: string | undefined): LiveKey {
  return {
    principal: { keyId: id, project, organisation, user: userId ?? undefined, models: models ?? undefined },
    expiresAt: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}

function toJson({ createdAt, expiresAt, models, revokedAt: _never, ...rest }: StoredKey): JsonObject {
  return {
    ...rest,
    models: models && [...models],
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt?.getTime() ?? null,
  };
}

function fromJson([hash, kept]: [string, JsonObject]): [string, StoredKey] {
  const { createdAt, expiresAt, ...rest } = kept as Omit<StoredKey, 'createdAt' | 'expiresAt' | 'revokedAt'> & {
    createdAt: number;
    expiresAt: number | null;
  };
  const times = { createdAt: new Date(createdAt), expiresAt: expiresAt === null ? null : new Date(expiresAt) };
  return [hash, { ...rest, ...times, revokedAt: null }];
}
