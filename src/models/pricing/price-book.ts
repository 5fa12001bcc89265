import { createHash } from 'node:crypto';

import { LIST_DATE, LIST_PRICES } from './list-prices.ts';
import type { Price } from './price.ts';

/** A snapshot's date behind a model's name: `-20250929`, `-2024-08-06`. */
const DATE_SUFFIX = /-(\d{8}|\d{4}-\d{2}-\d{2})$/;

/** An operator's own price, `provider/model` → dollars per million tokens. */
export type PriceOverrides = Readonly<Record<string, Omit<Price, 'version'>>>;

/** Finds the price of a target: the operator's word first, then the shipped list. */
export class PriceBook {
  readonly #overrides = new Map<string, Price>();
  readonly #list = new Map<string, Price>();
  readonly #found = new Map<string, Price | undefined>();

  constructor(overrides: PriceOverrides) {
    for (const { provider, model, ...price } of LIST_PRICES) {
      this.#list.set(`${provider}/${model}`, { ...price, version: `list-${LIST_DATE}:${provider}/${model}` });
    }
    for (const [target, price] of Object.entries(overrides)) {
      this.#overrides.set(target, { ...price, version: `config-${digest(price)}:${target}` });
    }
  }

  /** Undefined = unknown, which is not free. `provider` is the configured name, `type` its kind. */
  find(provider: string, type: string, model: string): Price | undefined {
    const target = `${provider}/${model}`;
    if (this.#found.has(target)) return this.#found.get(target);
    const undated = model.replace(DATE_SUFFIX, '');
    const price = this.#exact(provider, type, model) ?? this.#exact(provider, type, undated);
    // Names come from clients: only those with a price are kept, so the map is bounded by the tables' size and dates.
    if (price && this.#found.size < MAX_FOUND) this.#found.set(target, price);
    return price;
  }

  #exact(provider: string, type: string, model: string): Price | undefined {
    return this.#overrides.get(`${provider}/${model}`) ?? this.#list.get(`${type}/${model}`);
  }
}

const MAX_FOUND = 10_000;

function digest(price: object): string {
  return createHash('sha256').update(JSON.stringify(price)).digest('hex').slice(0, 12);
}
