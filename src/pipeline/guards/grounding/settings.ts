import { type Static, Type } from 'typebox';

import { Num, TargetRef, choice, section } from '../../../config/fields.ts';
import { threshold } from '../actions.ts';

export const GroundingSettings = section(
  {
    action: choice(['flag', 'block', 'review'], {
      description:
        'What follows where too little of an answer is in its sources. Streams that have begun are only flagged.',
      default: 'flag',
    }),
    threshold: threshold(0.5, 'The part of an answer’s claims that has to be in the sources.'),
    judge: Type.Optional(
      TargetRef({
        description: 'The provider and model that say which claims the sources support. Left out: words are compared.',
        examples: ['openai/gpt-5-mini'],
      }),
    ),
    sample: Num({ description: 'The part of the answers that is looked at.', default: 1, minimum: 0, maximum: 1 }),
  },
  { description: 'Whether answers to requests with documents, search results or tool results say what these say.' },
);
export type GroundingSettings = Static<typeof GroundingSettings>;
export const groundingField = { grounding: Type.Optional(GroundingSettings) };
