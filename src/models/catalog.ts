import type { Assignment, Target } from '../core/call.ts';
import { GatewayError } from '../core/errors.ts';
import type { PriceBook } from './pricing/price-book.ts';
import type { Price } from './pricing/price.ts';
import type { Provider } from './providers/provider.ts';

/** What an operator says of a virtual model, resolved. */
export interface VirtualModel {
  readonly name: string;
  readonly target: Target;
  readonly passThroughCredentials: boolean;
  readonly timeouts: Assignment['timeouts'];
}

/** One line of `GET /v1/models`. */
export interface CatalogEntry {
  readonly id: string;
  /** `causeway` for a virtual model, else the provider's name. */
  readonly ownedBy: string;
}

export interface CatalogParts {
  readonly providers: readonly Provider[];
  readonly virtualModels: readonly VirtualModel[];
  readonly prices: PriceBook;
  /** Providers whose own clients' credentials may go through without a virtual model that says so. */
  readonly passThroughProviders: ReadonlySet<string>;
}

/** A name as a message shows it: clients may send one of any length. */
export function shortName(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

/** Names that official SDKs' examples use; the simulator stands in for them where no real provider is set up. */
const WELL_KNOWN = /^(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|claude-)/;

/** Everything that a model name can mean, fixed until the configuration changes. */
export class ModelCatalog {
  readonly #providers = new Map<string, Provider>();
  readonly #virtual = new Map<string, VirtualModel>();
  readonly #parts: CatalogParts;
  readonly #standIn: Provider | undefined;

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    for (const provider of parts.providers) this.#providers.set(provider.name, provider);
    for (const model of parts.virtualModels) this.#virtual.set(model.name, model);
    const onlySimulated = parts.providers.every(({ simulated }) => simulated);
    this.#standIn = onlySimulated ? parts.providers[0] : undefined;
  }

  get providers(): readonly Provider[] {
    return this.#parts.providers;
  }

  get virtualModels(): readonly VirtualModel[] {
    return this.#parts.virtualModels;
  }

  /** @throws internal where the target names no provider, which the configuration's check excludes */
  provider(name: string): Provider {
    const provider = this.#providers.get(name);
    if (!provider) throw new GatewayError('internal', { cause: new Error(`no provider ${name}`) });
    return provider;
  }

  priceOf(provider: Provider, model: string): Price | undefined {
    return this.#parts.prices.find(provider.name, provider.type, model);
  }

  /**
   * A virtual model, `provider/model`, or a bare name that a configured provider owns.
   * @throws model_not_found
   */
  assign(name: string): Assignment {
    const virtual = this.#virtual.get(name);
    if (virtual) {
      const { target, passThroughCredentials, timeouts } = virtual;
      return { virtualModel: name, targets: [target], passThroughCredentials, timeouts };
    }
    const target = this.#named(name) ?? this.#owned(name);
    if (!target) throw this.#notFound(name);
    const passThroughCredentials = this.#parts.passThroughProviders.has(target.provider);
    return { virtualModel: undefined, targets: [target], passThroughCredentials, timeouts: undefined };
  }

  entries(): CatalogEntry[] {
    const virtual = this.#parts.virtualModels.map(({ name }) => ({ id: name, ownedBy: 'causeway' }));
    const direct = this.#parts.providers.flatMap((provider) =>
      provider.models.map((model) => ({ id: `${provider.name}/${model}`, ownedBy: provider.name })),
    );
    return [...virtual, ...direct];
  }

  #named(name: string): Target | undefined {
    const slash = name.indexOf('/');
    if (slash <= 0) return undefined;
    const provider = name.slice(0, slash);
    const model = name.slice(slash + 1);
    return this.#providers.has(provider) && model !== '' ? { provider, model } : undefined;
  }

  #owned(name: string): Target | undefined {
    const owner = this.#parts.providers.find((provider) => provider.ownsModel(name));
    if (owner) return { provider: owner.name, model: name };
    if (this.#standIn && WELL_KNOWN.test(name)) return { provider: this.#standIn.name, model: name };
    return undefined;
  }

  #notFound(name: string): GatewayError {
    const providers = [...this.#providers.keys()].join(', ');
    return new GatewayError('model_not_found', {
      message:
        `The model "${shortName(name)}" is not known here. Ask for a virtual model of causeway.yaml, or for provider/model ` +
        `with one of the providers ${providers}. GET /v1/models lists examples.`,
      param: 'model',
    });
  }
}
