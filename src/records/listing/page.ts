export interface ListPage<Row> {
  readonly page: readonly Row[];
  /** The `cursor` of the next page; null where this is the last. */
  readonly next: string | null;
}

/** @param found what was asked for one more of than the limit, by which is seen whether there is more */
export function pageOf<Row>(found: readonly Row[], limit: number, cursorOf: (last: Row) => string): ListPage<Row> {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
