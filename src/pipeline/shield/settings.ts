import type { Static } from 'typebox';

import { Duration, Flag, Num, section } from '../../config/fields.ts';

/** When a process that cannot keep up refuses requests, so that it answers the others. */
export const SheddingSettings = section(
  {
    enabled: Flag({
      description: 'Refuse requests under overload, those of the lowest `x-causeway-priority` first.',
      default: true,
    }),
    eventLoopDelay: Duration({
      description:
        'How late the request thread may be before the first requests are refused; at twice that, all are. While an overload lasts, both come down to a quarter within eight seconds, until it has ended, or a minute is over. `0ms`: it does not count.',
      default: '200ms',
    }),
    memory: Num({
      description:
        "The part of the memory limit (JavaScript's heap, and the container's where it has one) that may be used before the first requests are refused; half-way from there to the limit, all are. 1: it does not count.",
      minimum: 0.1,
      maximum: 1,
      default: 0.9,
    }),
  },
  { description: 'When a process that cannot keep up refuses requests, so that it answers the others.' },
);

/** Milliseconds, and a part of 1. */
export type SheddingSettings = Static<typeof SheddingSettings>;
