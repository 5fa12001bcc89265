import { Type } from 'typebox';

import { Int, Num, Text, choice, section } from '../../config/fields.ts';

const PromptSettings = section(
  {
    version: Text({
      description: 'Its name and version, which stand on every trace.',
      examples: ['support@1.2.0'],
    }),
    system: Text({ description: 'The system prompt.' }),
    mode: choice(['before', 'replace'], {
      description: "Before the client's own system prompt, or in its place.",
      default: 'before',
    }),
  },
  { description: 'A system prompt that is put into every chat request.' },
);

const ParameterSettings = section(
  {
    temperature: Type.Optional(Num({ description: 'How much answers vary.', minimum: 0, maximum: 2 })),
    topP: Type.Optional(Num({ description: 'The part of the likeliest tokens.', minimum: 0, maximum: 1 })),
    maxOutputTokens: Type.Optional(
      Int({ description: 'The longest answer, reasoning included.', minimum: 1, maximum: 10_000_000 }),
    ),
    reasoningEffort: Type.Optional(
      choice(['minimal', 'low', 'medium', 'high'], { description: 'How much a model thinks before it answers.' }),
    ),
  },
  { description: 'Parameters of every chat request, in place of what the client sent.' },
);

/** What a virtual model may say of what is sent. */
export const promptFields = { prompt: Type.Optional(PromptSettings), parameters: Type.Optional(ParameterSettings) };
