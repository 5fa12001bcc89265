import type { playground as english } from '../en/playground.ts';

export const playground: typeof english = {
  title: 'Playground',
};
