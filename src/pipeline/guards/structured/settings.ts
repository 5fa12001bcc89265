import { type Static, Type } from 'typebox';

import { Flag, choice, section } from '../../../config/fields.ts';

export const StructuredSettings = section(
  {
    action: choice(['flag', 'block'], {
      description:
        'What follows where an answer is not as the request’s JSON schema says: it is recorded, or the call fails.',
      default: 'flag',
    }),
    repair: Flag({
      description: 'The model is asked once more, with what is wrong. Not for streams that have begun.',
      default: false,
    }),
    streams: choice(['pass', 'hold'], {
      description:
        '`pass`: a stream goes out as it comes, and is looked at when it has ended. `hold`: it is held until it is whole, so that it can be repaired or refused.',
      default: 'pass',
    }),
  },
  { description: 'Answers to requests with a JSON schema are held against it.' },
);
export type StructuredSettings = Static<typeof StructuredSettings>;
export const structuredField = { structured: Type.Optional(StructuredSettings) };
