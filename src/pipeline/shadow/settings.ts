import { type TObject, type TProperties, Type } from 'typebox';

import { Flag, Int, Num, TargetRef, Text, Usd, choice, named, section } from '../../config/fields.ts';

/** @param set what may be said in place of the model's own settings */
export function shadowSection<Fields extends TProperties>(set: TObject<Fields>) {
  return section(
    {
      model: Text({ description: 'The virtual model that it is about.', examples: ['chat'] }),
      enabled: Flag({ description: 'False: it is not in force.', default: true }),
      set,
      share: Num({ description: 'The part of the requests that is mirrored.', default: 0.05, minimum: 0, maximum: 1 }),
      concurrency: Int({
        description: 'How many mirrored requests of a replica are under way at once; more are left out.',
        default: 2,
        minimum: 1,
        maximum: 1000,
      }),
      usd: Usd({ description: 'Dollars that it may spend in a period; then it stops.', examples: [5] }),
      period: choice(['day', 'week', 'month', 'total'], { description: 'How long that is.', default: 'day' }),
      similarity: Flag({
        description: 'Compare what the answers mean, by the encoder of this process.',
        default: true,
      }),
      judge: Type.Optional(
        section(
          {
            target: TargetRef({ description: 'The provider and model that judges.', examples: ['openai/gpt-5-mini'] }),
            sample: Num({ description: 'The part of the pairs that is judged.', default: 0.1, minimum: 0, maximum: 1 }),
            rubric: Type.Optional(Text({ description: 'What a good answer is, in your own words.' })),
          },
          { description: 'A model that says which of the two answers is better; it costs from the same dollars.' },
        ),
      ),
    },
    { description: 'A candidate that gets a copy of some requests after they are answered; nobody sees what it says.' },
  );
}

/** The section of the configuration file. */
export function shadowFields<Fields extends TProperties>(set: TObject<Fields>) {
  return {
    shadows: named(shadowSection(set), {
      description: 'Shadow traffic: [shadows.md](shadows.md).',
      names: /^[\w.-]{1,64}$/,
      namesAre: 'names of letters, digits, points, dashes and underscores',
    }),
  };
}
