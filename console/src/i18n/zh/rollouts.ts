import type { rollouts as english } from '../en/rollouts.ts';

export const rollouts: typeof english = {
  title: 'Rollouts',
};
