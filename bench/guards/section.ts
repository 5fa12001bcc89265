/** A part of the report of `npm run bench:guards`. */
export interface BenchSection {
  readonly title: string;
  /** What was split how, and what the columns mean. */
  readonly notes: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was asked for, what came out, and whether that is enough. */
  readonly targets: readonly { readonly name: string; readonly met: boolean; readonly figure: string }[];
}
