import { hashKey, keepPreviousData } from '@tanstack/react-query';

interface Page {
  readonly next: string | null;
}

/**
 * Options of a list that goes on by a cursor: `api.useInfiniteQuery('get', path, { params }, BY_CURSOR)`. Pages are kept
 * apart from the answer that the same question has alone.
 */
export const BY_CURSOR = {
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: Page) => next,
  queryKeyHashFn: (key: readonly unknown[]) => `pages ${hashKey(key)}`,
};

/** The same, where what was there stays until other filters have an answer. */
export const PAGED = { ...BY_CURSOR, placeholderData: keepPreviousData };
