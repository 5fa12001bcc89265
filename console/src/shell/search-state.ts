import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What stands behind the `?` of the address: only texts, so that addresses can be read and shared. */
export type SearchState = Readonly<Record<string, string>>;

export function readSearch(search: Record<string, unknown>): SearchState {
  const known = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

type ChangeSearch = (patch: Readonly<Record<string, string | undefined>>) => void;

/** Filters and ranges live in the address. An empty or absent value takes its name out. */
export function useSearchState(): [SearchState, ChangeSearch] {
  const search: SearchState = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback<ChangeSearch>(
    (patch) =>
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => readSearch({ ...before, ...patch }),
        replace: true,
      }),
    [navigate],
  );
  return [search, change];
}
