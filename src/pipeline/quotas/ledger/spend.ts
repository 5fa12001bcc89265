/** What one replica has spent of one budget counter. */
export interface SpendRow {
  /** {@link BudgetClaim.key}. */
  readonly key: string;
  /** Epoch milliseconds; undefined = never. */
  readonly endsAt: number | undefined;
  /** All that it has settled in the period. */
  readonly used: number;
  /** What its calls hold that are under way. */
  readonly reserved: number;
}

/**
 * What was spent, where it outlives processes and Redis. Each replica keeps its own sums, whole and not as changes, so
 * that they can be written any number of times, and be put together again in any order.
 */
export interface SpendStore {
  /** Replaces the replica's rows of these keys. @throws storage_unavailable */
  save(replica: string, rows: readonly SpendRow[]): Promise<void>;
  /** The rows of all replicas, living or not, whose period is not over. @throws storage_unavailable */
  load(): Promise<readonly (SpendRow & { readonly replica: string })[]>;
}
