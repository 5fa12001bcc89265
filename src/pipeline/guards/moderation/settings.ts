import { type Static, Type } from 'typebox';

import { Flag, Num, Text, TargetRef, choice, list, named, section } from '../../../config/fields.ts';
import { guardFields, threshold } from '../actions.ts';

/** Lists of words that come with the gateway. */
export const SHIPPED_LISTS = ['en', 'zh'] as const;

const WordList = section(
  {
    words: list(Text({ description: 'A word or phrase.' }), {
      description: 'What is looked for. All words of a policy together have at most 300,000 characters.',
    }),
    file: Type.Optional(
      Text({
        description:
          'A file with one word or phrase a line; # at the start or behind a space begins a comment. Its path begins at the folder of the configuration. Read again when it changes.',
      }),
    ),
    whole: Flag({
      description:
        'Words of letters with spaces between them count only where they stand alone. Chinese is found anywhere.',
      default: true,
    }),
    score: Num({ description: 'What one find weighs; the heaviest counts.', default: 1, minimum: 0, maximum: 1 }),
  },
  { description: 'An own list of words; its name is the category.' },
);

export const KeywordSettings = section(
  {
    ...guardFields({ actions: ['off', 'flag', 'redact', 'block', 'review'], input: 'block', output: 'block' }),
    shipped: list(choice(SHIPPED_LISTS, { description: 'A language.' }), {
      description:
        'The lists that come with the gateway. They are short: insults and threats that are hardly ever anything else.',
    }),
    lists: named(WordList, {
      description: 'Own lists of words.',
      names: /^[\w.-]{1,64}$/,
      namesAre: 'names of letters, digits, points, dashes and underscores',
    }),
    allow: list(Text({ description: 'A longer word or phrase.', examples: ['Scunthorpe'] }), {
      description: 'Where these stand, nothing within them is found.',
    }),
    threshold: threshold(0.5, 'From which score on a text counts.'),
  },
  { description: 'Words and phrases that must not be there.' },
);
export type KeywordSettings = Static<typeof KeywordSettings>;

/** What a judge, or one of both of a cascade, may be. */
const scorer = {
  target: Type.Optional(
    TargetRef({
      description: 'The provider and model that are asked.',
      examples: ['openai/omni-moderation-latest', 'local/llama-guard-3-8b'],
    }),
  ),
  service: Type.Optional(Text({ description: 'In place of a target: a name under guardServices.' })),
  as: choice(['auto', 'moderation', 'chat', 'llama-guard', 'prompt-guard'], {
    description:
      'How it is asked: through the moderation API, as a chat model with a question of our own, as Llama Guard, or as a classifier such as Prompt Guard whose answer is a label. `auto`: told by the name of the model.',
    default: 'auto',
  }),
  question: Type.Optional(Text({ description: 'What a chat model is asked to look for, in your own words.' })),
};

export const ScorerSettings = section(scorer, {
  description: 'A model or a service that gives a text a score.',
  oneOf: ['target', 'service'],
});
export type ScorerSettings = Static<typeof ScorerSettings>;

const CascadeSettings = section(
  {
    strong: ScorerSettings,
    pass: threshold(0.9, 'What the first one scores below this passes at once.'),
    block: threshold(
      0.95,
      'What the first one scores above this is treated as found at once. Between the two the strong one is asked.',
    ),
  },
  { description: 'A second, stronger judge for what the first one is not sure of.' },
);

export const JudgeSettings = section(
  {
    ...guardFields({ actions: ['off', 'flag', 'block', 'review'], input: 'block', output: 'off' }),
    ...scorer,
    threshold: threshold(0.5, 'From which score on a text counts.'),
    categories: list(Text({ description: 'A category as the judge names it.', examples: ['violence'] }), {
      description: 'Which categories count. Empty: all.',
    }),
    cascade: Type.Optional(CascadeSettings),
    secondOpinion: Flag({
      description: 'Asked only where the rules of `injection` found something that stays below its threshold.',
      default: false,
    }),
    timeout: Type.Optional(
      Num({ description: 'Seconds until it has failed.', minimum: 0.05, maximum: 60, default: 2 }),
    ),
  },
  { description: 'A model or a moderation service that is asked about texts.', oneOf: ['target', 'service'] },
);
export type JudgeSettings = Static<typeof JudgeSettings>;

export const moderationFields = {
  keywords: Type.Optional(KeywordSettings),
  judges: named(JudgeSettings, {
    description: 'Models and services that are asked; the name is the name of the guard.',
    names: /^[\w.-]{1,64}$/,
    namesAre: 'names of letters, digits, points, dashes and underscores',
  }),
};
