import type { Call } from '../../../core/call.ts';
import type { Provider } from '../../../models/providers/provider.ts';
import { KeyPool, type KeyPoolDeps, type KeyTurn } from './key-pool.ts';
import { KeyStates } from './key-state.ts';

export interface TakeOptions {
  readonly keeps?: boolean | undefined;
  readonly insists?: boolean;
}

/** Which key each attempt goes with. What is known of keys stays when the configuration changes. */
export class KeyPools {
  readonly #states = new KeyStates();
  readonly #pools = new WeakMap<Provider, KeyPool>();
  readonly #deps: KeyPoolDeps;

  constructor(deps: KeyPoolDeps) {
    this.#deps = deps;
  }

  /**
   * The key for one attempt. A client's own credential is no key of ours: it is neither chosen nor blamed.
   * @param keeps the call names something that the provider keeps, or makes it keep something
   * @param insists there is no other target to ask
   * @throws provider_rate_limited, provider_auth_failed where no key may be used now
   */
  take(provider: Provider, call: Call, model: string, { keeps = false, insists = false }: TakeOptions = {}): KeyTurn {
    if (provider.usesClientCredential?.(call)) return { key: undefined, provider, report: ignored };
    return this.of(provider).pick(model, keeps || call.resource !== undefined, insists, call.promptPrefix);
  }

  /** Whether there is a key that could be used now; after one was refused or limited, another one. */
  hasFree(provider: Provider, call: Call, model: string, keeps = false): boolean {
    if (provider.usesClientCredential?.(call)) return false;
    return this.of(provider).hasFree(model, keeps || call.resource !== undefined);
  }

  /** The pool of a provider of the configuration. */
  of(provider: Provider): KeyPool {
    const known = this.#pools.get(provider);
    if (known) return known;
    const pool = new KeyPool(provider, this.#states, this.#deps);
    this.#pools.set(provider, pool);
    return pool;
  }
}

function ignored(): void {}
