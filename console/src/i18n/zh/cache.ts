import type { cache as english } from '../en/cache.ts';

export const cache: typeof english = {
  title: 'Cache',
};
