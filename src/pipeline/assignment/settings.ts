import { type Static, Type } from 'typebox';

import { Flag, TargetRef, section } from '../../config/fields.ts';

/** What a virtual model stands for. */
export const AssignmentSettings = section({
  target: Type.Optional(
    TargetRef({
      description: 'The provider and model that answer, as provider/model. Or `route`, where it is one of several.',
      examples: ['openai/gpt-5-mini', 'sim/echo'],
    }),
  ),
  passThroughCredentials: Type.Optional(
    Flag({
      description:
        "Send the client's own provider credential upstream in place of the configured key; as the provider says where left out.",
    }),
  ),
});

export type AssignmentSettings = Static<typeof AssignmentSettings>;
