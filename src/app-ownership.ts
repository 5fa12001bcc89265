import type { Logger } from 'pino';

import type { Clock } from './core/clock.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { mayUseModel } from './pipeline/access/stage.ts';
import { Owners } from './pipeline/ownership/owners.ts';
import type { OwnershipDeps } from './pipeline/ownership/ownership.ts';
import { PostgresResourceStore } from './pipeline/ownership/resource-store.ts';
import type { Database } from './storage/database/database.ts';

/** Whose the things are that providers keep. */
export function openOwnership(database: Database, live: LiveCatalog, clock: Clock, log: Logger): OwnershipDeps {
  return {
    owners: new Owners(new PostgresResourceStore(database.orm, clock)),
    catalog: () => live.current,
    mayUseModel,
    isShared(provider, id) {
      const settings = live.config.providers.get(provider);
      const shared = settings && 'sharedResources' in settings ? settings.sharedResources : [];
      return shared.some((name) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name));
    },
    async safely({ id }, work) {
      try {
        await work;
      } catch (err) {
        log.error({ err, requestId: id }, 'what this answer made at the provider could not be noted as its owner’s');
      }
    },
  };
}
