export interface NeighbourIds {
  readonly earlier: string | undefined;
  readonly later: string | undefined;
}

/** Beside one trace in a list that has the newest first; none where it is not in the list. */
export function neighboursIn(ids: readonly string[], id: string): NeighbourIds {
  const at = ids.indexOf(id);
  return at < 0 ? { earlier: undefined, later: undefined } : { earlier: ids[at + 1], later: ids[at - 1] };
}
