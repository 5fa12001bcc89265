/** Why a key is left alone for a while, and how long. */
export interface Rest {
  readonly kind: 'limited' | 'refused';
  /** Monotonic milliseconds, as the others. */
  readonly since: number;
  until: number;
  /** Of a refused key: when it was last refused, or sent to find out whether it still is. */
  triedAt: number;
  /** How often in a row it was refused. */
  times: number;
}

/** Names of models come from clients. */
const MOST_MODELS = 200;
const MOST_KEYS = 1000;

/** What is known of one key: of all its models, and of single ones. */
export class KeyState {
  whole: Rest | undefined;
  readonly #models = new Map<string, Rest>();

  get isClear(): boolean {
    return this.whole === undefined && this.#models.size === 0;
  }

  ofModel(model: string): Rest | undefined {
    return this.#models.get(model);
  }

  /** Beyond its bound the one is forgotten whose beginning lies furthest back. */
  restModel(model: string, rest: Rest): void {
    this.#models.delete(model);
    this.#models.set(model, rest);
    if (this.#models.size <= MOST_MODELS) return;
    const [oldest] = this.#models.keys();
    if (oldest !== undefined) this.#models.delete(oldest);
  }

  clearModel(model: string): void {
    this.#models.delete(model);
  }

  get models(): ReadonlyMap<string, Rest> {
    return this.#models;
  }
}

/** The states of all keys, by provider and key: they outlive the configuration that the keys came with. */
export class KeyStates {
  readonly #states = new Map<string, KeyState>();

  of(provider: string, keyId: string): KeyState {
    const name = `${provider} ${keyId}`;
    const state = this.#states.get(name) ?? new KeyState();
    this.#states.delete(name);
    this.#states.set(name, state);
    if (this.#states.size > MOST_KEYS) {
      const [oldest] = this.#states.keys();
      if (oldest !== undefined) this.#states.delete(oldest);
    }
    return state;
  }
}
