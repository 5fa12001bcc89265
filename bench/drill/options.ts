export interface DrillOptions {
  /** The short form, for CI. */
  readonly quick: boolean;
  /** Virtual models with a target and nothing else: what the same faults cost without help. */
  readonly bare: boolean;
  /** Only these rows of the failure drill. */
  readonly rows?: readonly string[];
  /** How many seeds the drill of budgets runs with. */
  readonly seeds?: number;
}
