import type { Clock } from '../../core/clock.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Operator } from '../../core/operator.ts';
import type { Revisions } from '../../storage/revisions/revision-follower.ts';
import { hashSecret, looksLikeOperatorKey } from './operator-key.ts';
import type { OperatorKeyStore, StoredOperatorKey } from './operator-key-store.ts';

/** Somebody, and what their session stands and falls with. */
export interface Identified {
  readonly operator: Operator;
  readonly credential: string;
}

export interface OperatorDirectoryDeps {
  readonly store: Pick<OperatorKeyStore, 'live'>;
  readonly clock: Clock;
  readonly revisions: Revisions;
  /** Other keys are in force than before. */
  readonly replaced?: () => void;
}

/** The operator keys in force, in memory: nobody is shut out while the database is away. */
export class OperatorDirectory {
  readonly #deps: OperatorDirectoryDeps;
  #byHash: ReadonlyMap<string, StoredOperatorKey> = new Map();
  #byId: ReadonlyMap<string, StoredOperatorKey> = new Map();

  constructor(deps: OperatorDirectoryDeps) {
    this.#deps = deps;
  }

  /** Loads all keys, then follows their changes. Rejects where the first load fails. */
  start(): Promise<void> {
    return this.#deps.revisions.follow({
      subject: 'operators',
      refresh: async () => this.#replace(await this.#deps.store.live()),
      kept: {
        save: () => [...this.#byHash].map(([hash, key]): Json => [hash, toJson(key)]),
        load: (kept) => this.#replace(new Map((kept as [string, JsonObject][]).map(fromJson))),
      },
    });
  }

  /** Sees a change at once, after one was made in this process. */
  refresh(): Promise<void> {
    return this.#deps.revisions.refresh();
  }

  /** A key was revoked here: it opens nothing from now on, also where the database does not answer any more. */
  forget(id: string): void {
    this.#replace(new Map([...this.#byHash].filter(([, key]) => key.id !== id)));
  }

  /** Who holds this key; undefined where it is unknown, expired or revoked. */
  find(key: string): Identified | undefined {
    if (!looksLikeOperatorKey(key)) return undefined;
    const stored = this.#byHash.get(hashSecret(key));
    return stored && this.isLive(stored.id) ? identified(stored) : undefined;
  }

  /** Whether the key of this id is in force. */
  isLive(id: string): boolean {
    const stored = this.#byId.get(id);
    return stored !== undefined && (stored.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) > this.#deps.clock.now();
  }

  #replace(live: ReadonlyMap<string, StoredOperatorKey>): void {
    this.#byHash = live;
    this.#byId = new Map([...live.values()].map((key) => [key.id, key]));
    this.#deps.replaced?.();
  }
}

function identified({ id, name, role, projects }: StoredOperatorKey): Identified {
  return { operator: { name, role, projects: projects ?? undefined, by: 'operator-key' }, credential: id };
}

function toJson({ createdAt, expiresAt, projects, revokedAt: _never, ...rest }: StoredOperatorKey): JsonObject {
  return {
    ...rest,
    projects: projects && [...projects],
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt?.getTime() ?? null,
  };
}

function fromJson([hash, kept]: [string, JsonObject]): [string, StoredOperatorKey] {
  const { createdAt, expiresAt, ...rest } = kept as Omit<StoredOperatorKey, 'createdAt' | 'expiresAt' | 'revokedAt'> & {
    createdAt: number;
    expiresAt: number | null;
  };
  const times = { createdAt: new Date(createdAt), expiresAt: expiresAt === null ? null : new Date(expiresAt) };
  return [hash, { ...rest, ...times, revokedAt: null }];
}
