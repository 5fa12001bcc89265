import { hashKey, keepPreviousData } from '@tanstack/react-query';

interface Page {
  readonly next: string | null;
}

/**
 * Options of a list that goes on by a cursor: `api.useInfiniteQuery('get', path, { params }, PAGED)`. What was there
 * stays until other filters have an answer. Pages are kept apart from the answer that the same question has alone.
 */
export const PAGED = {
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: Page) => next,
  placeholderData: keepPreviousData,
  queryKeyHashFn: (key: readonly unknown[]) => `pages ${hashKey(key)}`,
};
