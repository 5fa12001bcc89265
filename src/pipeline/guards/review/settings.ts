import { type Static, Type } from 'typebox';

import { Age, Num, Text, list, section } from '../../../config/fields.ts';

const ToolReview = section(
  {
    name: Text({
      description: 'A tool, or the beginning of names with a * behind it.',
      examples: ['refund_*', 'delete_account'],
    }),
    below: Type.Optional(
      Num({
        description: 'Only where the argument `confidence` of the call is missing or below this.',
        minimum: 0,
        maximum: 1,
        examples: [0.9],
      }),
    ),
  },
  { description: 'Calls of a tool that somebody has to approve.' },
);

export const ReviewSettings = section(
  {
    tools: list(ToolReview, { description: 'Calls of these tools wait for somebody’s approval.' }),
    expires: Age({ description: 'How long a review waits before it counts as rejected.', default: '1d' }),
    keep: Age({ description: 'How long a review that is decided is kept.', default: '30d' }),
  },
  { description: 'What people decide.' },
);
export type ReviewSettings = Static<typeof ReviewSettings>;
export const reviewField = { review: Type.Optional(ReviewSettings) };
