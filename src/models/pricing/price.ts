/**
 * Dollars per million tokens of each kind. A kind without a rate of its own costs what the more common kind does;
 * each says which. Tokens are counted once: audio, image and cached tokens are taken out of the plain ones.
 */
export interface Rates {
  /** Input that no other rate speaks of. */
  readonly input: number;
  /** Output that no other rate speaks of. */
  readonly output: number;
  /** Read from the prompt cache; else as `input`. */
  readonly cacheRead?: number;
  /** Written to the prompt cache for five minutes, or for as long as the provider keeps it; else as `input`. */
  readonly cacheWrite?: number;
  /** Written for an hour; else as `cacheWrite`. */
  readonly cacheWrite1h?: number;
  /** Reasoning where it is priced apart from the answer; else as `output`. */
  readonly reasoning?: number;
  /** Else as `input`. */
  readonly audioInput?: number;
  /** Audio read from the prompt cache; else as `cacheRead`. */
  readonly audioCacheRead?: number;
  /** Else as `output`. */
  readonly audioOutput?: number;
  /** Else as `input`. */
  readonly imageInput?: number;
  /** Else as `output`. */
  readonly imageOutput?: number;
  /** Text of cited pages that a search put before the model, where it is billed apart; else free. */
  readonly citation?: number;
}

/** What is billed beside tokens, in dollars per thousand; 0 where it is known to be free. */
export interface Fees {
  /** Requests; else free. */
  readonly request?: number;
  /** Web searches that the provider ran. Where it ran some and there is no fee, the cost is unknown. */
  readonly webSearch?: number;
  /** Pages that the provider fetched; else free. */
  readonly webFetch?: number;
  /** Search units of a reranker. Where they are not reported, the cost is unknown. */
  readonly searchUnit?: number;
  /** Minutes of audio that was heard, to the millisecond. Where they are not reported, the cost is unknown. */
  readonly audioMinute?: number;
  /** Characters that were spoken. Where they are not known, the cost is unknown. */
  readonly character?: number;
  /** Images that were made, whatever their size. Where they are not reported, the cost is unknown. */
  readonly image?: number;
}

/** Hours at which a provider asks another price. */
export interface Hours {
  /** From (included) to (excluded), hours of the day. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** Hours that the provider's clock and calendar are ahead of UTC; 0 where absent. */
  readonly utcOffset?: number;
  /** 1 = Monday … 7 = Sunday; every day where absent. */
  readonly weekdays?: readonly number[];
  /** Days that do not count (public holidays), `2026-10-01`. */
  readonly except?: readonly string[];
}

/** When a variant holds: where all of what it names does. */
export interface When {
  /** More input tokens than this, cached ones included. */
  readonly inputAbove?: number;
  /** Served on this tier, as the provider names it: `flex`, `priority`. */
  readonly serviceTier?: string;
  /** Sent through the provider's batch API. */
  readonly batch?: true;
  /** Computed in this place, as the provider names it: `us`; or asked for there, at an endpoint of one region. */
  readonly geo?: string;
  /** Served at this speed, as the provider names it: `fast`. */
  readonly speed?: string;
  /** The model thought before it answered. */
  readonly thinking?: true;
  /** How much a built-in search reads: `low`, `medium`, `high`. */
  readonly searchContext?: string;
  /** Sent at such an hour. */
  readonly hours?: Hours;
}

/** Other rates and fees for a part of the calls. What it does not name stays as it was. */
export interface Variant extends Partial<Rates> {
  readonly when: When;
  /** Multiplies every rate (no fee): 0.5 for a batch at half the price. */
  readonly factor?: number;
  readonly fees?: Fees;
}

/** Machines of one's own: a call costs its duration × `hour` × `gpus` / `concurrency`, added to its tokens. */
export interface GpuPrice {
  /** Dollars for one GPU and one hour. */
  readonly hour: number;
  /** How many serve the model; 1 where absent. */
  readonly gpus?: number;
  /** How many calls they serve at a time, on average; 1 where absent. */
  readonly concurrency?: number;
}

/**
 * What a model costs, from one day on. A row never changes; a new price is a new row.
 *
 * The request as a whole is priced by the variants that hold, in their order: a rate of a later one replaces that of
 * an earlier one, factors multiply. So tiers by length stand from short to long.
 */
export interface Price extends Rates {
  /** Names the row on every attempt that it settled. */
  readonly version: string;
  readonly fees?: Fees;
  readonly variants?: readonly Variant[];
  readonly gpu?: GpuPrice;
}
