import { priceOverridesOf } from './app-catalog.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { ModelCatalog } from './models/catalog.ts';
import { PriceDesk, type PriceSettingsInForce } from './pipeline/pricing/price-desk.ts';
import { PriceRowStore } from './pipeline/pricing/price-row-store.ts';
import type { PriceRow } from './models/pricing/price-row.ts';
import type { Json } from './core/json.ts';
import type { Storage } from './app-storage.ts';
import type { Database } from './storage/database/database.ts';

/** What prices depend on beside the stored rows. */
export function priceSettings(config: Config, catalog: ModelCatalog): PriceSettingsInForce {
  const families = new Map(catalog.providers.map(({ name, family }) => [name, family]));
  return { overrides: priceOverridesOf(config), families };
}

export function openPriceDesk(database: Database, live: LiveCatalog, clock: Clock): PriceDesk {
  return new PriceDesk({ database, clock, settings: () => priceSettings(live.config, live.current) });
}

/** Keeps the stored prices of a running gateway as they are in the database. */
export function followPrices(storage: Storage, live: LiveCatalog, clock: Clock): Promise<void> {
  const store = new PriceRowStore(storage.database.orm, clock);
  return storage.follow({
    subject: 'price_rows',
    refresh: async () => live.replacePrices(await store.list()),
    kept: {
      save: () => live.storedPrices as unknown as Json,
      load: (kept) => live.replacePrices(kept as unknown as PriceRow[]),
    },
  });
}
