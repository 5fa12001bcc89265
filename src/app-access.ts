import type { Logger } from 'pino';

import type { SealedKeys } from './app-catalog.ts';
import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import type { Json } from './core/json.ts';
import { type AdminKey, openAdminKey } from './pipeline/access/admin-key-store.ts';
import { KeyDirectory } from './pipeline/access/key-directory.ts';
import type { KeyStore } from './pipeline/access/key-store.ts';
import { PostgresKeyStore } from './pipeline/access/postgres-key-store.ts';
import { ProviderKeyStore, type SealedKey } from './pipeline/access/provider-key-store.ts';
import { OrganisationDirectory } from './pipeline/access/organisations/organisation-directory.ts';
import { OrganisationStore } from './pipeline/access/organisations/organisation-store.ts';
import { sealerOf } from './pipeline/access/sealing.ts';
import type { Storage } from './app-storage.ts';

/** Who may do what, and with which keys of providers. */
export interface Access {
  readonly keys: KeyStore;
  readonly directory: KeyDirectory;
  readonly providerKeys: ProviderKeyStore;
  readonly adminKey: AdminKey;
  /** The first API key, made where there was none: the one time that it can be shown. */
  readonly firstKey: string | undefined;
  readonly organisations: { readonly store: OrganisationStore; readonly directory: OrganisationDirectory };
  /** Calls back with the providers' keys, now and whenever they change here or elsewhere. */
  followProviderKeys(changed: (keys: SealedKeys) => void): Promise<void>;
}

const FIRST_PROJECT = 'default';

/** @throws RangeError where CAUSEWAY_MASTER_KEY is too short; storage_unavailable */
export async function openAccess(storage: Storage, env: Environment, clock: Clock, log: Logger): Promise<Access> {
  const { orm } = storage.database;
  const keys = new PostgresKeyStore(orm, clock);
  const providerKeys = new ProviderKeyStore(orm, sealerOf(env), clock);
  const adminKey = await openAdminKey(orm, storage, env['CAUSEWAY_ADMIN_KEY']);
  const first = storage.startedOnline ? await keys.createFirst({ project: FIRST_PROJECT }) : undefined;
  const organisationStore = new OrganisationStore(orm, clock);
  const organisations = new OrganisationDirectory(organisationStore, storage);
  const organisationOf = (project: string): string | undefined => organisations.organisationOf(project);
  const directory = new KeyDirectory({ store: keys, clock, revisions: storage, organisationOf });
  organisations.watch(() => directory.organisationsChanged());
  await organisations.start();
  await directory.start();
  return {
    keys,
    directory,
    providerKeys,
    adminKey,
    firstKey: first?.key,
    organisations: { store: organisationStore, directory: organisations },
    followProviderKeys: (changed) => followProviderKeys(providerKeys, { storage, log, changed }),
  };
}

interface Following {
  readonly storage: Storage;
  readonly log: Logger;
  readonly changed: (keys: SealedKeys) => void;
}

function followProviderKeys(store: ProviderKeyStore, { storage, log, changed }: Following): Promise<void> {
  let rows: readonly SealedKey[] = [];
  function replace(sealed: readonly SealedKey[]): void {
    rows = sealed;
    const { keys, closed } = store.open(sealed);
    for (const row of closed) log.error(row, "a provider's stored key could not be opened and is not used");
    changed(keys);
  }
  return storage.follow({
    subject: 'provider_keys',
    refresh: async () => replace(await store.sealed()),
    kept: {
      save: () => rows.map((row): Json => ({ ...row })),
      load: (kept) => replace(kept as unknown as SealedKey[]),
    },
  });
}
