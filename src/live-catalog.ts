import { type SealedKeys, buildCatalog, priceBookOf, variantOf } from './app-catalog.ts';
import type { Config } from './config/config.ts';
import type { VariantSettings } from './config/schema.ts';
import type { Assignment } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import { type ModelCatalog, assignmentOf } from './models/catalog.ts';
import { EmbeddingBatcher } from './models/embeddings/batcher.ts';
import type { PriceRow } from './models/pricing/price-row.ts';

/** The catalog in force. It is replaced as a whole when the configuration or a stored key changes. */
export class LiveCatalog {
  /** Joins requests for the models of the catalog. */
  readonly batcher = new EmbeddingBatcher(() => this.#config.embeddings);
  readonly #clock: Clock;
  #config: Config;
  #sealedKeys: SealedKeys;
  #storedPrices: readonly PriceRow[] = [];
  #current: ModelCatalog;
  readonly #watchers: (() => void)[] = [];

  constructor(config: Config, sealedKeys: SealedKeys, clock: Clock) {
    this.#config = config;
    this.#sealedKeys = sealedKeys;
    this.#clock = clock;
    this.#current = buildCatalog(config, sealedKeys, this.#storedPrices, clock);
  }

  get current(): ModelCatalog {
    return this.#current;
  }

  get config(): Config {
    return this.#config;
  }

  /** Keys of providers that were opened from the database. */
  get sealedKeys(): SealedKeys {
    return this.#sealedKeys;
  }

  /** What a virtual model would be with other settings. @throws where there is no such model */
  variant(name: string, sets: readonly VariantSettings[]): Assignment {
    return assignmentOf(variantOf(name, sets, this.#config));
  }

  /** Calls now, and whenever the providers have been replaced. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
    watcher();
  }

  get storedPrices(): readonly PriceRow[] {
    return this.#storedPrices;
  }

  /** Calls that run go on with the providers that they began with, whose connections close after them. */
  replace({
    config = this.#config,
    sealedKeys = this.#sealedKeys,
  }: {
    config?: Config;
    sealedKeys?: SealedKeys;
  }): void {
    const previous = this.#current;
    this.#current = buildCatalog(config, sealedKeys, this.#storedPrices, this.#clock);
    this.#config = config;
    this.#sealedKeys = sealedKeys;
    for (const watcher of this.#watchers) watcher();
    void this.#closeProviders(previous);
  }

  /** From the next request on. The providers and their connections stay. */
  replacePrices(stored: readonly PriceRow[]): void {
    this.#storedPrices = stored;
    this.#current = this.#current.withPrices(priceBookOf(this.#config, stored));
  }

  close(): Promise<void> {
    return this.#closeProviders(this.#current);
  }

  /** What still waits for others to be sent along with is sent first. */
  async #closeProviders(catalog: ModelCatalog): Promise<void> {
    const closings = catalog.providers.map(async (provider) => {
      await this.batcher.idle(provider);
      await provider.close();
    });
    await Promise.all(closings);
  }
}
