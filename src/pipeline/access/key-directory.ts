import type { Principal } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { hashApiKey, looksLikeApiKey } from './api-key.ts';
import type { KeyStore, StoredKey } from './key-store.ts';
import { RevisionWatch, type WatchLog } from '../../storage/revisions/revision-watch.ts';

interface LiveKey {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The keys in force, in memory: the request path asks it and never the database. */
export class KeyDirectory {
  readonly #clock: Clock;
  readonly #watch: RevisionWatch;
  #keys: ReadonlyMap<string, LiveKey> = new Map();

  constructor(store: Pick<KeyStore, 'live' | 'revision'>, clock: Clock, log: WatchLog) {
    this.#clock = clock;
    this.#watch = new RevisionWatch({
      subject: 'api keys',
      revision: () => store.revision(),
      refresh: async () => {
        const live = await store.live();
        this.#keys = new Map([...live].map(([hash, key]) => [hash, liveKey(key)]));
      },
      log,
    });
  }

  start(): Promise<void> {
    return this.#watch.start();
  }

  /** Sees a change at once, after one was made in this process. */
  refresh(): Promise<void> {
    return this.#watch.check();
  }

  /** Who holds this key; undefined where it is unknown, expired or revoked. */
  find(key: string): Principal | undefined {
    if (!looksLikeApiKey(key)) return undefined;
    const live = this.#keys.get(hashApiKey(key));
    return live && live.expiresAt > this.#clock.now() ? live.principal : undefined;
  }

  close(): void {
    this.#watch.close();
  }
}

function liveKey({ id, project, userId, models, expiresAt }: StoredKey): LiveKey {
  return {
    principal: { keyId: id, project, user: userId ?? undefined, models: models ?? undefined },
    expiresAt: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}
