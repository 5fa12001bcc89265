import { Type } from 'typebox';

import { Flag, HeaderValue, Int, Secret, Text, list, named, plainOr, section } from '../../config/fields.ts';

const WeightedKey = section({
  key: Secret({ description: 'An API key.', examples: ['${OPENAI_API_KEY}'] }),
  weight: Int({
    description:
      "How many requests it gets beside the others: twice another's weight, about twice its requests. A few requests (up to 20 a minute) with the same long prompt all go with one key.",
    default: 1,
    minimum: 1,
    maximum: 1000,
  }),
});

/** What every provider that is reached over HTTP may say of itself. */
export const httpFields = {
  apiKey: Type.Optional(Secret({ description: "The provider's API key.", examples: ['${OPENAI_API_KEY}'] })),
  apiKeys: Type.Optional(
    list(plainOr(Secret({ description: 'An API key.' }), WeightedKey), {
      description:
        'API keys, in place of apiKey: each a text, or a section with its weight. Requests are spread over those that the provider accepts.',
      minItems: 1,
    }),
  ),
  headers: named(HeaderValue({ description: "A header's value." }), {
    description: 'Headers that are sent with every request.',
    names: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    namesAre: 'header names, e.g. OpenAI-Organization',
  }),
  passThroughCredentials: Flag({
    description:
      "Send the client's own provider credential upstream, where it sent one beside its Causeway key, in place of the configured key.",
    default: false,
  }),
  models: list(Text({ description: 'A model name.' }), {
    description:
      'Model names that GET /v1/models lists and that clients may ask for without the provider in front. Left out: the priced models of this type.',
  }),
  sharedResources: list(
    Text({ description: 'An id, or the beginning of ids with `*` behind it.', examples: ['vs_*'] }),
    {
      description:
        'Ids of files, vector stores, … that you made at the provider yourself and that every project may name in its requests. All other ids that a project did not make through Causeway are refused.',
    },
  ),
};
