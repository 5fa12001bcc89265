/** What two requests have in common that may be given the same answer. */
export interface CacheKey {
  /** 32 hex digits; names the answer. */
  readonly id: string;
  /** 32 hex digits: tenant, model and versions; nothing ever crosses it. What is asked is not in it. */
  readonly partition: string;
}
