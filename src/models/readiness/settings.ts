import { type Static, Type } from 'typebox';

import { Duration, Flag, choice, section } from '../../config/fields.ts';

const serverFields = {
  path: Type.Optional(
    choice(['/health', '/v1/models'], {
      description: "What the server is asked. Left out: the preset's own, or /v1/models.",
    }),
  ),
  interval: Duration({
    description: 'How often it is asked while it is ready. While it is not: after a second, then ever later.',
    default: '10s',
  }),
};

const DESCRIPTION =
  'Ask the server whether it is ready, beside the requests; until it is, other targets are preferred. Left out: it counts as ready.';

/** Of a server that warms its model up by itself. */
export const ServerReadinessSettings = section(serverFields, { description: DESCRIPTION });

/** Of a server that may answer before its model does. */
export const ReadinessSettings = section(
  {
    ...serverFields,
    warmUp: Flag({
      description:
        'A model is ready only once it has answered a request for one token, by which servers that load models on demand load it.',
      default: true,
    }),
  },
  { description: DESCRIPTION },
);

/** Milliseconds. */
export type ReadinessSettings = Static<typeof ServerReadinessSettings> & { readonly warmUp?: boolean };
