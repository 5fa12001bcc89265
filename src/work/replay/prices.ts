import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { Usage } from '../../core/usage.ts';
import { type Circumstances, costOf } from '../../models/pricing/cost.ts';
import type { PriceBook } from '../../models/pricing/price-book.ts';
import { type Families, namedTarget } from '../../pipeline/pricing/target-prices.ts';

/** When and how something was used. */
export interface UsedAt {
  /** Epoch milliseconds. */
  readonly sentAt: number;
  readonly durationMs: number;
  /** Of the record, which tells what a provider was that is not configured any more. */
  readonly priceVersion?: string | undefined;
  /** The client's body, where its price depends on what is asked for. */
  readonly body?: JsonObject | undefined;
}

/** The proposed prices, as they hold at the time of each request. */
export class ReplayPrices {
  readonly #book: PriceBook;
  readonly #families: Families;

  constructor(book: PriceBook, families: Families) {
    this.#book = book;
    this.#families = families;
  }

  /** As the provider says, else by its price; undefined where neither tells. @param target `provider/model` */
  costOf(target: string, usage: Usage, { sentAt, durationMs, priceVersion, body }: UsedAt): NanoUsd | undefined {
    const { provider, family, model } = namedTarget(target, priceVersion, this.#families);
    const priceOf = (name: string) => this.#book.find(provider, family, name, sentAt);
    return costOf(usage, priceOf(model), { ...askedIn(body), priceOf, durationMs, sentAt })?.nanoUsd;
  }

  /** What kind of provider it is: those of one kind count tokens alike. */
  familyOf(target: string): string {
    return namedTarget(target, undefined, this.#families).family;
  }
}

/** The terms that a request asks for, as OpenAI's and Anthropic's bodies name them. */
function askedIn(body: JsonObject | undefined): Circumstances {
  if (!body) return {};
  const search: Json | undefined = body['web_search_options'];
  return {
    serviceTier: asString(body['service_tier']),
    geo: asString(body['inference_geo']),
    speed: asString(body['speed']),
    searchContext: isJsonObject(search) ? asString(search['search_context_size']) : undefined,
  };
}
