import { priceOverridesOf } from './app-catalog.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { ModelCatalog } from './models/catalog.ts';
import { PriceDesk, type PriceSettingsInForce } from './pipeline/pricing/price-desk.ts';
import { PriceRowStore } from './pipeline/pricing/price-row-store.ts';
import type { Database } from './storage/database/database.ts';
import { RevisionWatch, type WatchLog } from './storage/revisions/revision-watch.ts';

/** What prices depend on beside the stored rows. */
export function priceSettings(config: Config, catalog: ModelCatalog): PriceSettingsInForce {
  const families = new Map(catalog.providers.map(({ name, family }) => [name, family]));
  return { overrides: priceOverridesOf(config), families };
}

export function openPriceDesk(database: Database, live: LiveCatalog, clock: Clock): PriceDesk {
  return new PriceDesk({ database, clock, settings: () => priceSettings(live.config, live.current) });
}

/** Keeps the stored prices of a running gateway as they are in the database. */
export async function followPrices(
  { orm }: Database,
  live: LiveCatalog,
  clock: Clock,
  log: WatchLog,
): Promise<RevisionWatch> {
  const store = new PriceRowStore(orm, clock);
  const watch = new RevisionWatch({
    subject: 'prices',
    revision: () => store.revision(),
    refresh: async () => live.replacePrices(await store.list()),
    log,
  });
  await watch.start();
  return watch;
}
