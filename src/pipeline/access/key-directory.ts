import type { Principal } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Revisions } from '../../storage/revisions/revision-follower.ts';
import { hashApiKey, looksLikeApiKey } from './api-key.ts';
import type { KeyStore, StoredKey } from './key-store.ts';

/** Keys of callers that come again; those of others are hashed anew. */
const MOST_PRESENTED = 10_000;

const NEVER = Number.POSITIVE_INFINITY;

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
  /**
   * The keys in force that were presented of late, by themselves, so that they are not hashed each time. Only what is
   * right gets in, and the look-up compares texts only where their hashes are the same, which are made with a secret of
   * the process: how long it takes says nothing of the keys in it.
   */
  #presented = new GenerationalMap<LiveKey>(MOST_PRESENTED);

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
    const live = this.#presented.get(key) ?? this.#lookUp(key);
    if (!live) return undefined;
    // Most never expire, and need no look at the clock.
    return live.expiresAt === NEVER || live.expiresAt > this.#deps.clock.now() ? live.principal : undefined;
  }

  #lookUp(key: string): LiveKey | undefined {
    const live = looksLikeApiKey(key) ? this.#keys.get(hashApiKey(key)) : undefined;
    if (live) this.#presented.set(key, live);
    return live;
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
    this.#presented = new GenerationalMap(MOST_PRESENTED);
    this.#keys = new Map([...stored].map(([hash, key]) => [hash, liveKey(key, organisationOf(key.project))]));
  }
}

function liveKey({ id, project, userId, models, expiresAt }: StoredKey, organisation: string | undefined): LiveKey {
  return {
    principal: { keyId: id, project, organisation, user: userId ?? undefined, models: models ?? undefined },
    expiresAt: expiresAt?.getTime() ?? NEVER,
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
