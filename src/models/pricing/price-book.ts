import { LIST_PRICES } from './list-prices.ts';
import type { Price } from './price.ts';
import { type PriceOrigin, type PriceRow, digest, versionOf } from './price-row.ts';

/** A snapshot's date behind a model's name: `-20250929`, `-2024-08-06`; on Vertex AI `@20250929`, `@default`. */
const DATE_SUFFIX = /-(\d{8}|\d{4}-\d{2}-\d{2})$|@(\d{8}|default)$/;

/** An operator's own price, `provider/model` → dollars per million tokens. */
export type PriceOverrides = Readonly<Record<string, Omit<Price, 'version'>>>;

/** A price in force from a moment on. */
interface Priced {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly price: Price;
}

/** What was found for a name, so that its patterns are matched once. */
interface Found {
  readonly family: string;
  readonly override: Price | undefined;
  readonly rows: readonly Priced[];
}

/**
 * Finds the price of a target: the operator's word in causeway.yaml first, then the newest row that has begun, of
 * those that were stored and those that are shipped. Of two rows that begin on the same day the stored one holds.
 */
export class PriceBook {
  readonly #overrides = new Map<string, Price>();
  /** By `family/model`, the latest first. */
  readonly #rows: ReadonlyMap<string, readonly Priced[]>;
  /** By provider, then by model: names that are put together for a look-up cost more than it. */
  readonly #found = new Map<string, Map<string, Found>>();
  #remembered = 0;

  constructor(overrides: PriceOverrides, stored: readonly PriceRow[] = [], listed: readonly PriceRow[] = LIST_PRICES) {
    this.#rows = byModel([...entriesOf('stored', stored), ...entriesOf('list', listed)]);
    for (const [target, price] of Object.entries(overrides)) {
      this.#overrides.set(target, { ...price, version: `config:${target}#${digest(price)}` });
    }
  }

  /**
   * Undefined = unknown, which is not free.
   * @param provider the configured name
   * @param at epoch milliseconds of the call; now where absent
   */
  find(provider: string, family: string, model: string, at?: number): Price | undefined {
    const known = this.#found.get(provider)?.get(model);
    const found = known?.family === family ? known : this.#lookUp(provider, family, model);
    if (!found) return undefined;
    return found.override ?? newestOf(found.rows, at ?? Date.now());
  }

  #lookUp(provider: string, family: string, model: string): Found | undefined {
    const undated = model.replace(DATE_SUFFIX, '');
    const found = this.#exact(provider, family, model) ?? this.#exact(provider, family, undated);
    // Names come from clients: only those with a price are kept, so the map is bounded by the tables' size and dates.
    if (found && this.#remembered < MAX_FOUND) this.#remember(provider, model, found);
    return found;
  }

  #remember(provider: string, model: string, found: Found): void {
    const models = this.#found.get(provider) ?? new Map<string, Found>();
    this.#found.set(provider, models);
    models.set(model, found);
    this.#remembered += 1;
  }

  #exact(provider: string, family: string, model: string): Found | undefined {
    const override = this.#overrides.get(`${provider}/${model}`);
    const rows = this.#rows.get(`${family}/${model}`);
    return override || rows ? { family, override, rows: rows ?? [] } : undefined;
  }
}

/** The newest that has begun; the latest stands first. */
function newestOf(rows: readonly Priced[], at: number): Price | undefined {
  for (const { from, price } of rows) if (from <= at) return price;
  return undefined;
}

const MAX_FOUND = 10_000;

function entriesOf(origin: PriceOrigin, rows: readonly PriceRow[]): [key: string, Priced][] {
  return rows.map((row) => {
    const { family, model, from, source: _source, checked: _checked, ...rates } = row;
    return [`${family}/${model}`, { from: Date.parse(from), price: { ...rates, version: versionOf(origin, row) } }];
  });
}

/** Those given first come first among equals. */
function byModel(entries: readonly (readonly [key: string, Priced])[]): Map<string, Priced[]> {
  const rows = new Map<string, Priced[]>();
  for (const [key, priced] of entries) rows.set(key, [...(rows.get(key) ?? []), priced]);
  for (const list of rows.values()) list.sort((a, b) => b.from - a.from);
  return rows;
}
