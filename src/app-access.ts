import type { Logger } from 'pino';

import type { SealedKeys } from './app-catalog.ts';
import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { type AdminKey, openAdminKey } from './pipeline/access/admin-key-store.ts';
import { KeyDirectory } from './pipeline/access/key-directory.ts';
import type { KeyStore } from './pipeline/access/key-store.ts';
import { PostgresKeyStore } from './pipeline/access/postgres-key-store.ts';
import { ProviderKeyStore } from './pipeline/access/provider-key-store.ts';
import { RevisionWatch } from './storage/revisions/revision-watch.ts';
import { sealerOf } from './pipeline/access/sealing.ts';
import type { Database } from './storage/database/database.ts';

/** Who may do what, and with which keys of providers. */
export interface Access {
  readonly keys: KeyStore;
  readonly directory: KeyDirectory;
  readonly providerKeys: ProviderKeyStore;
  readonly adminKey: AdminKey;
  /** The first API key, made where there was none: the one time that it can be shown. */
  readonly firstKey: string | undefined;
  /** Calls back with the providers' keys, now and whenever they change here or elsewhere. */
  followProviderKeys(changed: (keys: SealedKeys) => void): Promise<RevisionWatch>;
}

const FIRST_PROJECT = 'default';

/** @throws RangeError where CAUSEWAY_MASTER_KEY is too short; storage_unavailable */
export async function openAccess(database: Database, env: Environment, clock: Clock, log: Logger): Promise<Access> {
  const keys = new PostgresKeyStore(database.orm, clock);
  const providerKeys = new ProviderKeyStore(database.orm, sealerOf(env), clock);
  const adminKey = await openAdminKey(database.orm, env['CAUSEWAY_ADMIN_KEY']);
  const isFirst = (await keys.list()).length === 0;
  const firstKey = isFirst ? (await keys.create({ project: FIRST_PROJECT })).key : undefined;
  const directory = new KeyDirectory(keys, clock, log);
  await directory.start();

  async function openSealed(): Promise<SealedKeys> {
    const { keys: opened, closed } = await providerKeys.openAll();
    for (const row of closed) log.error(row, "a provider's stored key could not be opened and is not used");
    return opened;
  }

  return {
    keys,
    directory,
    providerKeys,
    adminKey,
    firstKey,
    async followProviderKeys(changed) {
      const refresh = async (): Promise<void> => changed(await openSealed());
      const watch = new RevisionWatch({
        subject: 'provider keys',
        revision: () => providerKeys.revision(),
        refresh,
        log,
      });
      await watch.start();
      return watch;
    },
  };
}
