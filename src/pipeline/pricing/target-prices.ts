import type { PriceBook } from '../../models/pricing/price-book.ts';
import type { Price } from '../../models/pricing/price.ts';

/** Provider name → its family, of the providers that are configured. */
export type Families = ReadonlyMap<string, string>;

export interface NamedTarget {
  readonly provider: string;
  readonly family: string;
  readonly model: string;
}

/**
 * What a recorded target was: the provider as it is configured now, else by the price that settled it,
 * else by its name, which often is the family's.
 */
export function namedTarget(target: string, priceVersion: string | undefined, families: Families): NamedTarget {
  const slash = target.indexOf('/');
  const provider = slash < 0 ? target : target.slice(0, slash);
  const model = slash < 0 ? '' : target.slice(slash + 1);
  const recorded = /^(?:list|stored):([^/]+)\//.exec(priceVersion ?? '')?.[1];
  return { provider, family: families.get(provider) ?? recorded ?? provider, model };
}

/** Looks in several books, the first word counts. */
export type PriceLookup = (target: NamedTarget) => Price | undefined;

export function lookUpIn(books: readonly { readonly book: PriceBook; readonly at: number }[]): PriceLookup {
  return ({ provider, family, model }) => {
    for (const { book, at } of books) {
      const price = book.find(provider, family, model, at);
      if (price) return price;
    }
    return undefined;
  };
}
