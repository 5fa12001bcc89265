import type { Static } from 'typebox';

import { Duration, Int, Num, section } from '../../../config/fields.ts';

export const RetryBudgetSettings = section(
  {
    share: Num({
      description: 'Further attempts as a share of the requests that succeeded in the last 10 seconds.',
      default: 0.5,
      minimum: 0,
    }),
    perSecond: Num({
      description:
        'Further attempts on top of that, a second: so that a target without traffic is tried again as well.',
      default: 10,
      minimum: 0,
    }),
  },
  {
    description:
      'What retries, fallbacks and hedges of this model may amount to together, so that they cannot make an outage worse.',
  },
);

export type RetryBudgetSettings = Static<typeof RetryBudgetSettings>;

/** How often and when a request that failed is sent again. */
export const RetrySettings = section(
  {
    max: Int({
      description: 'How often a request begins again with the first of its targets, when all of them have failed.',
      default: 3,
      minimum: 0,
    }),
    baseDelay: Duration({
      description:
        'The longest wait before the first retry. It doubles with each; what is waited is a random part of it.',
      default: '1s',
    }),
    maxDelay: Duration({
      description: 'No wait is longer. A provider that asks for a longer one is not waited for.',
      default: '60s',
    }),
    budget: RetryBudgetSettings,
  },
  { description: 'How often and when a request that failed is sent again.' },
);

/** Milliseconds and counts. */
export type RetrySettings = Static<typeof RetrySettings>;
