import { QueryClient } from '@tanstack/react-query';

import { ApiError } from './api-error.ts';

const MOST_RETRIES = 2;

/** A refusal is an answer: only what may be away for a moment is asked again. */
function mayRetry(failures: number, error: unknown): boolean {
  const isRefusal = error instanceof ApiError && error.status < 500;
  return !isRefusal && failures < MOST_RETRIES;
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: mayRetry, staleTime: 5000, refetchOnWindowFocus: true } },
});

/** Whatever was asked under these paths is asked again. Keys are `[method, path, parameters]`. */
export function askAgain(...paths: readonly string[]): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => isUnder(queryKey, paths) });
}

/** As {@link askAgain}, of what has an answer from before this time. */
export function askAgainOlderThan(time: number, ...paths: readonly string[]): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey, state: { dataUpdatedAt } }) =>
      dataUpdatedAt > 0 && dataUpdatedAt < time && isUnder(queryKey, paths),
  });
}

function isUnder([, path]: readonly unknown[], paths: readonly string[]): boolean {
  return typeof path === 'string' && paths.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
