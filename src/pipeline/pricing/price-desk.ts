import type { Clock } from '../../core/clock.ts';
import { PriceBook, type PriceOverrides } from '../../models/pricing/price-book.ts';
import { type ListedPrice, type PriceFilter, listPrices } from '../../models/pricing/price-list.ts';
import type { PriceRow } from '../../models/pricing/price-row.ts';
import type { UsagePeriod } from '../../records/traces/usage-store.ts';
import type { Database } from '../../storage/database/database.ts';
import { type UnpricedTarget, bookedTraces, unpricedTargets } from './booked-usage-store.ts';
import { type ComparedGroup, Comparison, type ComparisonGroup } from './comparison.ts';
import { PriceRowStore } from './price-row-store.ts';
import { type RowChanges, rowChanges } from './row-changes.ts';
import { type Families, type PriceLookup, lookUpIn, namedTarget } from './target-prices.ts';

/** What of the configuration prices depend on. */
export interface PriceSettingsInForce {
  readonly overrides: PriceOverrides;
  readonly families: Families;
}

export interface PriceDeskDeps {
  readonly database: Pick<Database, 'orm'>;
  readonly clock: Clock;
  settings(): PriceSettingsInForce;
}

/** A target of unknown cost, and whether the prices of today would tell. */
export interface MissingPrice extends UnpricedTarget {
  readonly pricedToday: boolean;
}

export interface ComparisonQuestion {
  readonly period: UsagePeriod;
  readonly by: readonly ComparisonGroup[];
  /** Rows that stand before those of today, whenever they begin. */
  readonly prices?: readonly PriceRow[] | undefined;
  /** More groups than this are not made. */
  readonly maxGroups: number;
}

/** Everything that is asked about prices, for the admin API and the command line alike. */
export class PriceDesk {
  readonly #deps: PriceDeskDeps;
  readonly #store: PriceRowStore;

  constructor(deps: PriceDeskDeps) {
    this.#deps = deps;
    this.#store = new PriceRowStore(deps.database.orm, deps.clock);
  }

  async list(filter: PriceFilter): Promise<ListedPrice[]> {
    return listPrices(this.#deps.settings().overrides, await this.#store.list(), this.#deps.clock.now(), filter);
  }

  /** What storing these rows would do. */
  async preview(rows: readonly PriceRow[]): Promise<RowChanges> {
    return rowChanges(rows, await this.#store.list());
  }

  /**
   * Stores what is new, or nothing where a row is refused.
   * @throws PriceConflictError where somebody stores another row at the same time
   */
  async update(rows: readonly PriceRow[]): Promise<RowChanges> {
    const changes = await this.preview(rows);
    if (changes.refused.length === 0) await this.#store.add(changes.added);
    return changes;
  }

  async missing(period: UsagePeriod, limit: number): Promise<MissingPrice[]> {
    const { families } = this.#deps.settings();
    const priceOf = await this.#lookup([]);
    const found = await unpricedTargets(this.#deps.database, period, limit);
    return found.map((target) => {
      const named = namedTarget(target.target, target.priceVersion ?? undefined, families);
      return { ...target, pricedToday: priceOf(named) !== undefined };
    });
  }

  /** Undefined where there are too many groups. */
  async compare({ period, by, prices = [], maxGroups }: ComparisonQuestion): Promise<ComparedGroup[] | undefined> {
    const comparison = new Comparison(by, await this.#lookup(prices), this.#deps.settings().families);
    for await (const page of bookedTraces(this.#deps.database, period)) {
      for (const trace of page) comparison.add(trace);
      if (comparison.size > maxGroups) return undefined;
    }
    return comparison.groups();
  }

  async #lookup(first: readonly PriceRow[]): Promise<PriceLookup> {
    const today = new PriceBook(this.#deps.settings().overrides, await this.#store.list());
    return lookUpIn([
      { book: new PriceBook({}, first, []), at: Number.POSITIVE_INFINITY },
      { book: today, at: this.#deps.clock.now() },
    ]);
  }
}
