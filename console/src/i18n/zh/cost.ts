import type { cost as english } from '../en/cost.ts';

export const cost: typeof english = {
  title: 'Cost',
};
