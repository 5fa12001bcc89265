import { type Static, Type } from 'typebox';

import { Duration, Int, section } from '../../config/fields.ts';

export const EmbeddingsSettings = section(
  {
    window: Duration({
      description:
        'How long a request for embeddings may wait for others of the same model, to go upstream as one. A request that finds no other under way goes at once. `0ms`: none waits.',
      default: '10ms',
    }),
    batchSize: Type.Optional(
      Int({ description: 'Texts in one upstream request. Left out: as many as the provider takes.', minimum: 1 }),
    ),
    batchTokens: Type.Optional(
      Int({
        description: 'Tokens in one upstream request, about. Left out: as many as the provider takes.',
        minimum: 1,
      }),
    ),
    parallel: Int({
      description: 'Upstream requests for embeddings of one model at a time; what is beyond waits and is joined.',
      default: 16,
      minimum: 1,
    }),
  },
  { description: 'How requests for embeddings go upstream.' },
);

/** Milliseconds and counts. */
export type EmbeddingsSettings = Static<typeof EmbeddingsSettings>;
