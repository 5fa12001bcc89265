/** What two requests have in common that may be given the same answer. */
export interface CacheKey {
  /** 32 hex digits; names the answer. */
  readonly id: string;
  /** 32 hex digits: tenant, model, versions, and everything but what is asked. Nothing ever crosses it. */
  readonly partition: string;
}
