import type { safety as english } from '../en/safety.ts';

export const safety: typeof english = {
  title: 'Safety',
};
