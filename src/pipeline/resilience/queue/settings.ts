import type { Static } from 'typebox';

import { Duration, Flag, Int, section } from '../../../config/fields.ts';

export const QueueSettings = section(
  {
    concurrency: Int({ description: 'Requests in flight at one target at a time.', default: 10, minimum: 1 }),
    size: Int({
      description: 'Requests that may wait for a target. One more displaces one of lower priority, or is refused.',
      default: 1000,
      minimum: 0,
    }),
    maxWait: Duration({
      description:
        'How long a request may wait. One that would wait for longer, or beyond its own deadline, is refused at once with 503 and the time after which it would be served.',
      default: '30s',
    }),
    adaptive: Flag({
      description: 'Finds by the latency how many requests a target can take at a time, up to `concurrency`.',
      default: false,
    }),
  },
  { description: 'How many requests a target gets at a time, and what waits for it.' },
);

/** Milliseconds and counts. */
export type QueueSettings = Static<typeof QueueSettings>;
