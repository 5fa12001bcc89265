import { type Static, Type } from 'typebox';

import { Flag, Int, Size, Text, choice, list, named, section } from '../../../config/fields.ts';
import { SCRIPTS } from '../../../core/texts/script.ts';
import type { ACTIONS } from '../actions.ts';

const Forbidden = section(
  {
    pattern: Text({
      description:
        'A regular expression in the syntax of RE2: no look-around and no back references, so that no text makes it slow.',
      examples: ['(?i)internal use only'],
    }),
    output: Flag({ description: 'Also in answers.', default: false }),
  },
  { description: 'A pattern that must not be there; its name is the category.' },
);

export const ValidationSettings = section(
  {
    action: choice(['off', 'flag', 'block', 'review'] as const satisfies readonly (typeof ACTIONS)[number][], {
      description: 'What follows where a request is not as it should be.',
      default: 'block',
    }),
    maxCharacters: Int({
      description: 'The longest message of a chat, in characters. Texts to embed and rank are not messages.',
      default: 10_000,
      minimum: 1,
      maximum: 100_000_000,
    }),
    maxTotalCharacters: Type.Optional(
      Int({ description: 'All texts of a request together, in characters.', minimum: 1, maximum: 100_000_000 }),
    ),
    maxTokens: Type.Optional(
      Int({
        description: 'All texts of a request together, in tokens as they are estimated here.',
        minimum: 1,
        maximum: 100_000_000,
      }),
    ),
    maxMessages: Type.Optional(
      Int({ description: 'How many messages a request has at most.', minimum: 1, maximum: 1_000_000 }),
    ),
    languages: list(choice(SCRIPTS, { description: 'A language, or a script.' }), {
      description: 'In what users’ texts may be written, by their letters. Empty: anything.',
    }),
    maxJsonDepth: Int({ description: 'How deep a body may be nested.', default: 64, minimum: 4, maximum: 1000 }),
    maxImages: Type.Optional(
      Int({ description: 'How many images a request has at most.', minimum: 0, maximum: 10_000 }),
    ),
    maxImageSize: Type.Optional(
      Size({ description: 'The largest image that is sent within a request.', examples: ['5MB'] }),
    ),
    forbid: named(Forbidden, {
      description: 'Patterns that must not be there.',
      names: /^[\w.-]{1,64}$/,
      namesAre: 'names of letters, digits, points, dashes and underscores',
    }),
  },
  { description: 'What a request has to be like.' },
);
export type ValidationSettings = Static<typeof ValidationSettings>;
export const validationField = { validation: Type.Optional(ValidationSettings) };
