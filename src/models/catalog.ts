import type { Assignment, Target } from '../core/call.ts';
import { GatewayError } from '../core/errors.ts';
import type { Capabilities } from './capabilities/capabilities.ts';
import type { OperatorCapabilities } from './capabilities/settings.ts';
import { capabilitiesOf } from './capabilities/table.ts';
import type { PriceBook } from './pricing/price-book.ts';
import type { Price } from './pricing/price.ts';
import type { Provider } from './providers/provider.ts';

/** What an operator says of a virtual model, resolved. */
export interface VirtualModel extends RouteRules, ModelRules {
  readonly name: string;
  readonly target: Target;
  /** Asked in turn where the target fails. */
  readonly fallback?: readonly Target[];
  readonly passThroughCredentials: boolean;
}

/** How calls for a model go on where a target is slow or fails, and what of it is cached. */
export type RouteRules = Pick<Assignment, 'timeouts' | 'policy' | 'version' | 'cache' | 'promptCache' | 'guards'>;

/** How a virtual model chooses a target, and what it puts into requests. */
type ModelRules = Pick<Assignment, 'route' | 'prompt' | 'promptVersion' | 'parameters'>;

/** One line of `GET /v1/models`. */
export interface CatalogEntry {
  readonly id: string;
  /** `causeway` for a virtual model, else the provider's name. */
  readonly ownedBy: string;
  /** What the model can do; a virtual model can do what its target can. */
  readonly capabilities: Capabilities | undefined;
  readonly price: Price | undefined;
}

export interface CatalogParts {
  readonly providers: readonly Provider[];
  readonly virtualModels: readonly VirtualModel[];
  readonly prices: PriceBook;
  /** What the operator says of targets; it wins over the shipped table. */
  readonly capabilities?: OperatorCapabilities;
  /** Providers whose own clients' credentials may go through without a virtual model that says so. */
  readonly passThroughProviders: ReadonlySet<string>;
  /** For models that are no virtual ones. */
  readonly rules?: RouteRules;
}

/** A name as a message shows it: clients may send one of any length. */
export function shortName(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

/** Names that official SDKs' examples use; the simulator stands in for them where no real provider is set up. */
const WELL_KNOWN = /^(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|claude-)/;

const MAX_REMEMBERED = 10_000;
/** Characters of a name that is remembered. */
const MAX_NAME = 256;

const NO_RULES: RouteRules = { timeouts: undefined };

/** What a virtual model means for a call. Its targets, the route's first, are in the order in which they stand. */
export function assignmentOf({ name: virtualModel, target, fallback = [], ...rules }: VirtualModel): Assignment {
  const routed = rules.route?.candidates.map((one) => one.target) ?? [target];
  return { virtualModel, targets: [...routed, ...fallback], ...rules };
}

/** Everything that a model name can mean, fixed until the configuration changes. */
export class ModelCatalog {
  readonly #providers = new Map<string, Provider>();
  readonly #virtual = new Map<string, VirtualModel>();
  readonly #capabilities = new Map<Provider, Map<string, Capabilities | undefined>>();
  #capabilitiesKnown = 0;
  /** What was made of a name stays the same object, so that others can keep what they make of it. */
  readonly #assigned = new Map<string, Assignment>();
  readonly #parts: CatalogParts;
  readonly #standIn: Provider | undefined;

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    for (const provider of parts.providers) this.#providers.set(provider.name, provider);
    for (const model of parts.virtualModels) this.#virtual.set(model.name, model);
    const onlySimulated = parts.providers.every(({ simulated }) => simulated);
    this.#standIn = onlySimulated ? parts.providers[0] : undefined;
  }

  /** The same with other prices, on the same providers. */
  withPrices(prices: PriceBook): ModelCatalog {
    return new ModelCatalog({ ...this.#parts, prices });
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
    return this.#parts.prices.find(provider.name, provider.family, model);
  }

  /** What is known of a target: the operator's word, fact by fact, then the shipped table's. */
  capabilitiesOf(provider: Provider, model: string): Capabilities | undefined {
    const known = this.#capabilities.get(provider);
    const remembered = known?.get(model);
    if (remembered !== undefined || known?.has(model)) return remembered;
    const stated = this.#parts.capabilities?.get(`${provider.name}/${model}`);
    const listed = capabilitiesOf(provider.family, model);
    const found = stated ? { ...listed, ...stated } : listed;
    // Names come from clients: the maps are bounded, and beyond it the tables are read again.
    if (this.#capabilitiesKnown >= MAX_REMEMBERED || model.length > MAX_NAME) return found;
    this.#capabilitiesKnown += 1;
    if (known) known.set(model, found);
    else this.#capabilities.set(provider, new Map([[model, found]]));
    return found;
  }

  /** The targets of which something is known, to name those that could do what another cannot. */
  *knownTargets(): Iterable<readonly [target: string, Capabilities]> {
    for (const { id, capabilities } of this.entries()) if (capabilities) yield [id, capabilities];
  }

  /**
   * A virtual model, `provider/model`, or a bare name that a configured provider owns.
   * @throws model_not_found
   */
  assign(name: string): Assignment {
    const known = this.#assigned.get(name);
    if (known) return known;
    const assigned = this.#assign(name);
    if (this.#assigned.size < MAX_REMEMBERED && name.length <= MAX_NAME) this.#assigned.set(name, assigned);
    return assigned;
  }

  #assign(name: string): Assignment {
    const virtual = this.#virtual.get(name);
    if (virtual) return assignmentOf(virtual);
    const target = this.#named(name) ?? this.#owned(name);
    if (!target) throw this.#notFound(name);
    const passThroughCredentials = this.#parts.passThroughProviders.has(target.provider);
    const rules = this.#parts.rules ?? NO_RULES;
    return { virtualModel: undefined, targets: [target], passThroughCredentials, ...rules };
  }

  entries(): CatalogEntry[] {
    const virtual = this.#parts.virtualModels.map(({ name, target }) => {
      const provider = this.#providers.get(target.provider);
      return { id: name, ownedBy: 'causeway', ...this.#facts(provider, target.model) };
    });
    const direct = this.#parts.providers.flatMap((provider) =>
      provider.models.map((model) => {
        return { id: `${provider.name}/${model}`, ownedBy: provider.name, ...this.#facts(provider, model) };
      }),
    );
    return [...virtual, ...direct];
  }

  #facts(provider: Provider | undefined, model: string): Pick<CatalogEntry, 'capabilities' | 'price'> {
    if (!provider) return { capabilities: undefined, price: undefined };
    return { capabilities: this.capabilitiesOf(provider, model), price: this.priceOf(provider, model) };
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
