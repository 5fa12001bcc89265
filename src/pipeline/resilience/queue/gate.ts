/** What a request is thought to need of a provider's limits. */
export interface Demand {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Something besides the number of slots that a request has to wait for, such as a rate. */
export interface Gate {
  /**
   * Milliseconds until such a request may be sent; 0 is now. `ahead`: how many like it are sent before.
   * A request that is sent when the time is over is still asked for once more.
   */
  delayMs(demand: Demand, ahead?: number): number;
  /** Such a request is sent now. */
  take(demand: Demand): void;
}
