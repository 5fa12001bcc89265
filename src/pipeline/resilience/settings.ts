import { type Static, Type } from 'typebox';

import { Duration, section } from '../../config/fields.ts';

/** When a silent provider is given up, in milliseconds; what is left out is the provider's own default. */
export const TimeoutSettings = section(
  {
    connect: Type.Optional(
      Duration({ description: 'Until the connection to the provider stands. Left out: 10s.', examples: ['3s'] }),
    ),
    firstToken: Type.Optional(
      Duration({
        description:
          'From sending the request until the answer begins; an answer that is not streamed begins when it is whole. Left out: 120s.',
        examples: ['10s'],
      }),
    ),
    idle: Type.Optional(
      Duration({ description: 'Between two pieces of an answer that has begun. Left out: 60s.', examples: ['15s'] }),
    ),
  },
  { description: 'When a silent provider is given up.' },
);

export type TimeoutSettings = Static<typeof TimeoutSettings>;
