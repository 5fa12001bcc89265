import { type Static, Type } from 'typebox';

import { Duration, Int, Num, section } from '../../../config/fields.ts';

/** When a target is left alone, and when it is tried again. */
export const BreakerSettings = section(
  {
    failures: Int({ description: 'Failures in a row that open the breaker.', default: 5, minimum: 1 }),
    failureRate: Num({
      description: 'Share of failed calls in `window` that opens it, from 0 to 1. `1`: only where all of them fail.',
      default: 0.5,
      minimum: 0.01,
      maximum: 1,
    }),
    window: Duration({ description: 'How far back `failureRate` looks.', default: '30s' }),
    minimumCalls: Int({
      description: 'Fewer calls than this in `window` say nothing about the rate.',
      default: 20,
      minimum: 1,
    }),
    slowAfter: Type.Optional(
      Duration({
        description:
          'A call that takes longer counts as failed in `failureRate`, and as a probe, whatever comes of it. Left out: no call is too slow.',
        examples: ['20s'],
      }),
    ),
    openFor: Duration({ description: 'How long an open breaker lets no call through.', default: '30s' }),
    probes: Int({
      description:
        'After that, how many calls at a time are let through to try the target, and how many of them have to succeed until all are. The first that fails opens it again.',
      default: 1,
      minimum: 1,
    }),
  },
  { description: 'When a target that fails is left alone, and when it is tried again.' },
);

/** Milliseconds, counts and a share. */
export type BreakerSettings = Static<typeof BreakerSettings>;
