import { type Static, Type } from 'typebox';

import { Flag, Num, Rate, section } from '../../../config/fields.ts';

export const PacingSettings = section(
  {
    requests: Type.Optional(Rate({ description: 'Requests that the provider allows.', examples: ['500/1m'] })),
    tokens: Type.Optional(
      Rate({ description: 'Tokens that it allows, of prompts and answers together.', examples: ['200000/1m'] }),
    ),
    inputTokens: Type.Optional(
      Rate({ description: 'Tokens of prompts, where they have a limit of their own.', examples: ['50000/1m'] }),
    ),
    outputTokens: Type.Optional(
      Rate({ description: 'Tokens of answers, where they have a limit of their own.', examples: ['10000/1m'] }),
    ),
    burst: Num({
      description:
        'How much of a limit may be used at once after a pause; the rest comes back evenly over its time. In no window is more used than the limit and this.',
      default: 0.1,
      minimum: 0.01,
      maximum: 1,
    }),
    learn: Flag({
      description: "Keeps the limits that the provider's answers tell in their headers as well.",
      default: true,
    }),
  },
  { description: 'What the provider allows. Requests over it wait instead of being sent and refused.' },
);

/** Rates, and the share of them that may be used at once. */
export type PacingSettings = Static<typeof PacingSettings>;
