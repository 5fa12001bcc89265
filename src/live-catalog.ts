import { type SealedKeys, buildCatalog } from './app-catalog.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import type { ModelCatalog } from './models/catalog.ts';

/** The catalog in force. It is replaced as a whole when the configuration or a stored key changes. */
export class LiveCatalog {
  readonly #clock: Clock;
  #config: Config;
  #sealedKeys: SealedKeys;
  #current: ModelCatalog;

  constructor(config: Config, sealedKeys: SealedKeys, clock: Clock) {
    this.#config = config;
    this.#sealedKeys = sealedKeys;
    this.#clock = clock;
    this.#current = buildCatalog(config, sealedKeys, clock);
  }

  get current(): ModelCatalog {
    return this.#current;
  }

  get config(): Config {
    return this.#config;
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
    this.#current = buildCatalog(config, sealedKeys, this.#clock);
    this.#config = config;
    this.#sealedKeys = sealedKeys;
    void closeProviders(previous);
  }

  close(): Promise<void> {
    return closeProviders(this.#current);
  }
}

async function closeProviders(catalog: ModelCatalog): Promise<void> {
  await Promise.all(catalog.providers.map((provider) => provider.close()));
}
