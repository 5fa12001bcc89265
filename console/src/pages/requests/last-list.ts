import type { SearchState } from '../../shell/search-state.ts';

let last: SearchState = {};

/** The list as it was looked at last, so that the way back from a request leads to the same filters. */
export function rememberList(search: SearchState): void {
  last = search;
}

export function lastList(): SearchState {
  return last;
}
