import { type Static, Type } from 'typebox';

import { Usd, named, section } from '../../config/fields.ts';

/** Dollars per million tokens of one target. */
const PriceSettings = section({
  input: Usd({ description: 'Dollars per million input tokens that were not cached.', examples: [0.25] }),
  output: Usd({ description: 'Dollars per million output tokens, reasoning included.', examples: [2] }),
  cacheRead: Type.Optional(
    Usd({
      description: "Dollars per million input tokens read from the provider's prompt cache; as input where left out.",
    }),
  ),
  cacheWrite: Type.Optional(
    Usd({
      description: "Dollars per million input tokens written to the provider's prompt cache; as input where left out.",
    }),
  ),
  cacheWrite1h: Type.Optional(
    Usd({
      description: 'The same for a cache that lives an hour; as cacheWrite where left out.',
    }),
  ),
});

export type PriceSettings = Static<typeof PriceSettings>;

/** By `provider/model`. */
export const PricesSettings = named(PriceSettings, {
  description: 'Prices by provider/model, in dollars per million tokens. They add to and override the shipped table.',
  names: /^[^\s/]+\/\S+$/,
  namesAre: 'provider/model, e.g. openai/gpt-5-mini',
});
