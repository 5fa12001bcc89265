import type { Static } from 'typebox';

import { Age, Flag, section } from '../../config/fields.ts';

export const ResponsesSettings = section(
  {
    store: Flag({
      description:
        'Keep answers to requests of `/v1/responses` that ask for it (`store`, as it is by default), so that later ones may continue them.',
      default: true,
    }),
    ttl: Age({ description: 'How long one is kept. A conversation ends with its oldest answer.', default: '30d' }),
  },
  { description: 'Answers to `/v1/responses` of models whose provider does not keep them.' },
);

/** Milliseconds. */
export type ResponsesSettings = Static<typeof ResponsesSettings>;
