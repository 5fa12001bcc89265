import { type Static, type TObject, type TProperties, Type } from 'typebox';

import { Duration, Flag, Int, Num, TargetRef, Text, choice, list, named, section } from '../../config/fields.ts';

/** What is compared between arms. */
const ARM_METRICS = ['cost', 'latency', 'ttft', 'errors', 'feedback', 'judge'] as const;
export type ArmMetric = (typeof ARM_METRICS)[number];

/** Who is given the same arm each time; a hash decides, and nothing is stored. */
export const ROLLOUT_UNITS = ['user', 'conversation', 'key', 'project', 'request'] as const;
export type RolloutUnit = (typeof ROLLOUT_UNITS)[number];

const model = Text({ description: 'The virtual model that it is about.', examples: ['chat'] });
const enabled = Flag({ description: 'False: it is not in force.', default: true });
const by = choice(ROLLOUT_UNITS, {
  description:
    'Who gets the same each time. Where a request names no such user or conversation, its key stands in for it.',
  default: 'user',
});
const confidence = Num({
  description: 'How sure a verdict is, however often it is looked at.',
  default: 0.95,
  minimum: 0.5,
  maximum: 0.9999,
});
const names = { names: /^[\w.-]{1,64}$/, namesAre: 'names of letters, digits, points, dashes and underscores' };

const JudgeSettings = section(
  {
    target: TargetRef({ description: 'The provider and model that judges.', examples: ['openai/gpt-5-mini'] }),
    sample: Num({ description: 'The part of the answers that is judged.', default: 0.05, minimum: 0, maximum: 1 }),
    rubric: Type.Optional(Text({ description: 'What a good answer is, in your own words.' })),
  },
  { description: 'A model that says of a part of the answers how good they are.' },
);

export type JudgeSettings = Static<typeof JudgeSettings>;

const GuardSettings = section(
  {
    metric: choice(ARM_METRICS, { description: 'What is watched.' }),
    tolerance: Num({
      description:
        'How much worse the candidate may be: of errors in points (0.01 is one in a hundred requests), of the others as a part of the stable arm (0.1 is a tenth).',
      minimum: 0,
      maximum: 100,
    }),
  },
  { description: 'What the candidate must not make worse.' },
);

/** @param set what may be said in place of the model's own settings */
export function rolloutSections<Fields extends TProperties>(set: TObject<Fields>) {
  return { flag: flagSection(set), experiment: experimentSection(set), canary: canarySection(set) };
}

function flagSection<Fields extends TProperties>(set: TObject<Fields>) {
  return section(
    {
      model,
      enabled,
      by,
      share: Type.Optional(
        Num({
          description: 'For which part of them. Left out: all, and none where users, projects or keys are named.',
          minimum: 0,
          maximum: 1,
        }),
      ),
      users: list(Text({ description: 'A user.' }), { description: 'Users for whom it is always on.' }),
      projects: list(Text({ description: 'A project.' }), { description: 'Projects for which it is always on.' }),
      keys: list(Text({ description: "A key's id." }), { description: 'Keys for which it is always on.' }),
      set,
    },
    { description: "Settings in place of a virtual model's own, for some of its users." },
  );
}

function experimentSection<Fields extends TProperties>(set: TObject<Fields>) {
  return section(
    {
      model,
      enabled,
      by,
      share: Num({ description: 'The part of them that takes part.', default: 1, minimum: 0, maximum: 1 }),
      arms: named(
        section(
          {
            weight: Num({ description: 'Its part by the sum of all.', default: 1, minimum: 0, maximum: 1_000_000 }),
            set: Type.Optional(set),
          },
          { description: 'One way. The first is the control, with which the others are compared.' },
        ),
        { description: 'What is compared.', ...names },
      ),
      goal: choice(ARM_METRICS, { description: 'What is to become better.', default: 'feedback' }),
      margin: Num({
        description: 'A difference below this part is none that matters.',
        default: 0.02,
        minimum: 0,
        maximum: 1,
      }),
      confidence,
      judge: Type.Optional(JudgeSettings),
    },
    { description: 'Two or more ways side by side, until it is clear which is better.' },
  );
}

function canarySection<Fields extends TProperties>(set: TObject<Fields>) {
  return section(
    {
      model,
      enabled,
      by,
      set,
      steps: Type.Optional(
        list(Num({ description: 'Percent.', minimum: 0.1, maximum: 100 }), {
          description: 'The shares that the candidate gets in turn, in percent. Left out: 1, 5, 25, 50, 100.',
          minItems: 1,
        }),
      ),
      each: section(
        {
          requests: Int({
            description: 'How many requests both arms together have at a step, at least.',
            default: 1000,
            minimum: 1,
            maximum: 1_000_000_000,
          }),
          time: Duration({ description: 'How long a step is, at least.', default: '10m' }),
        },
        { description: 'What a step lasts for.' },
      ),
      guards: Type.Optional(
        list(GuardSettings, {
          description: 'Left out: errors (0.01), latency (0.25), ttft (0.25), feedback (0.1), and cost (1).',
          minItems: 1,
        }),
      ),
      confidence,
      judge: Type.Optional(JudgeSettings),
    },
    { description: 'A change that a few requests get first, then more, and that is taken back by itself.' },
  );
}

/** The sections of the configuration file, by name. */
export function rolloutFields<Fields extends TProperties>(set: TObject<Fields>) {
  const { flag, experiment, canary } = rolloutSections(set);
  return {
    flags: named(flag, { description: 'Feature flags: [rollouts.md](rollouts.md).', ...names }),
    experiments: named(experiment, { description: 'Experiments: [experiments.md](experiments.md).', ...names }),
    canaries: named(canary, { description: 'Canaries: [canaries.md](canaries.md).', ...names }),
  };
}
