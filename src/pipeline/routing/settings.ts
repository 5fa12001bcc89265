import { type Static, Type } from 'typebox';

import {
  Duration,
  Flag,
  Int,
  Num,
  TargetRef,
  Text,
  TimeOfDay,
  choice,
  list,
  named,
  section,
} from '../../config/fields.ts';
import { ROUTE_POLICIES, TIERS } from '../../core/routing.ts';

const one = (description: string) => TargetRef({ description, examples: ['openai/gpt-5-mini'] });

const CandidateSettings = section(
  {
    target: one('The provider and model.'),
    weight: Num({
      description: 'Its part of the requests is this by the sum of all weights; 0 takes it out for `by: weight`.',
      default: 1,
      minimum: 0,
      maximum: 1_000_000,
    }),
    quality: Type.Optional(
      Num({
        description:
          'How good its answers are beside the others, as your own evaluation says. Left out: the later it stands, the less.',
        minimum: 0,
        maximum: 1,
      }),
    ),
    tiers: list(choice(TIERS, { description: 'How demanding a request is.' }), {
      description: 'With `by: complexity`: the requests that it is for. Left out: any that no other one is for.',
    }),
  },
  { description: 'One of the targets that may answer.' },
);

const range = (description: string, most: number) =>
  Type.Optional(
    section(
      {
        atLeast: Type.Optional(Num({ description: 'From this on.', minimum: 0, maximum: most })),
        atMost: Type.Optional(Num({ description: 'Up to this.', minimum: 0, maximum: most })),
      },
      { description, oneOf: ['atLeast', 'atMost'] },
    ),
  );

const words = (description: string, item: string, examples: readonly string[] = []) =>
  Type.Optional(list(Text({ description: item, examples }), { description, minItems: 1 }));

const HoursSettings = section(
  {
    from: TimeOfDay({ description: 'When they begin.', examples: ['09:00'] }),
    until: TimeOfDay({ description: 'When they end; before `from`: the next day.', examples: ['18:00'] }),
    days: list(Int({ description: '1 is Monday, 7 Sunday.', minimum: 1, maximum: 7 }), {
      description: 'On which days they begin. Left out: every day.',
    }),
    timeZone: Text({ description: 'Where these hours are meant.', default: 'UTC', examples: ['Asia/Shanghai'] }),
  },
  { description: 'Hours of the day.' },
);

const ConditionSettings = section(
  {
    endpoints: words('One of these paths.', 'A path.', ['/v1/chat/completions']),
    projects: words('Of one of these projects.', 'A project.'),
    users: words('Of one of these users.', 'A user.'),
    metadata: Type.Optional(
      named(list(Text({ description: 'A value.' }), { description: 'One of these values.', minItems: 1 }), {
        description: "Members of the request's metadata and the values that they may have.",
        names: /^\S+$/,
        namesAre: 'names of metadata without spaces',
      }),
    ),
    languages: words('The script of the last message.', 'zh, ja, ko, ru, ar, he, th, hi, el or latin.', ['zh']),
    length: range('Characters of all texts together.', 1e9),
    messages: range('Messages of the conversation.', 1e6),
    tools: Type.Optional(Flag({ description: 'Whether it offers tools.' })),
    images: Type.Optional(Flag({ description: 'Whether it has images.' })),
    sensitive: Type.Optional(Flag({ description: 'Whether something personal or secret is found in its texts.' })),
    hours: Type.Optional(HoursSettings),
    budgetUsed: range('The highest part that is used of any budget that it counts for.', 10),
  },
  { description: 'What has to be so of a request: everything that is named here.' },
);

const RuleSettings = section(
  {
    name: Text({ description: 'As traces show it.', examples: ['private data stays here'] }),
    when: ConditionSettings,
    unless: Type.Optional(ConditionSettings),
    targets: list(one('A provider and model.'), {
      description:
        'Where such requests go, and nowhere else: not to `fallback`, and no other model is asked about them.',
      minItems: 1,
    }),
    by: choice(['order', 'weight', 'latency', 'cost', 'load'], {
      description: 'How one of them is chosen.',
      default: 'order',
    }),
  },
  { description: 'Requests of one kind and where they go. The first rule that holds decides.' },
);

const score = (tier: string, at: number) =>
  Type.Optional(
    Num({ description: `From which score on a request is ${tier}. Left out: ${at}.`, minimum: 0, maximum: 1 }),
  );

const ComplexitySettings = section(
  {
    kind: choice(['rules', 'embedding', 'model'], {
      description:
        'Who says how demanding a request is: rules (words, length, code, maths; English and Chinese); labelled examples that are like it; or a small model, where asking it pays.',
      default: 'rules',
    }),
    model: Type.Optional(one('The model that is asked, with `kind: model`.')),
    timeout: Duration({ description: 'Until the model is given up and the rules say.', default: '2s' }),
    faq: list(Text({ description: 'A question.', examples: ['How do I reset my password?'] }), {
      description: 'Questions that are always simple.',
    }),
    thresholds: section(
      { medium: score('medium', 0.25), complex: score('complex', 0.5), reasoning: score('reasoning', 0.75) },
      { description: 'The scores, 0 to 1, at which the tiers begin.' },
    ),
  },
  { description: 'How it is found out how demanding a request is, with `by: complexity`.' },
);

const ValidatorSettings = section(
  {
    json: Flag({ description: 'It is JSON.', default: false }),
    matches: Type.Optional(Text({ description: 'A pattern (RE2) that is found in it.' })),
    minChars: Type.Optional(Int({ description: 'It has so many characters.', minimum: 1, maximum: 1_000_000 })),
    without: list(Text({ description: 'A text.', examples: ["I don't know"] }), {
      description: 'None of these is in it; letters may be large or small.',
    }),
  },
  { description: 'With `check: validator`: what has to be so of an answer.' },
);

const CascadeSettings = section(
  {
    to: one('The provider and model that answers where the first answer is not good enough.'),
    check: choice(['logprobs', 'self-check', 'validator', 'judge'], {
      description:
        'How sure an answer is: by the probabilities of its tokens (OpenAI-compatible targets); by asking the same model whether it is right; by what has to be so of it; or by a judge.',
      default: 'logprobs',
    }),
    atLeast: Num({ description: 'A lower confidence goes on to `to`.', default: 0.8, minimum: 0, maximum: 1 }),
    judge: Type.Optional(one('Who judges, with `check: judge`.')),
    validator: ValidatorSettings,
    streams: choice(['hold', 'skip'], {
      description: 'Streamed answers are held until they are checked, or go to `to` at once.',
      default: 'skip',
    }),
    timeout: Duration({ description: 'Until a check is given up; then the answer goes on to `to`.', default: '10s' }),
  },
  {
    description:
      'A cheap answer first; where it is not sure enough, that of a better model in its place. Both are billed.',
  },
);

export const RouteSettings = section(
  {
    by: choice(ROUTE_POLICIES, {
      description:
        'By what the first target is chosen: as they stand; by their weights; the fastest to its first token; the cheapest for this request; the least busy; what `x-causeway-prefer` asks for; how demanding the request is.',
      default: 'order',
    }),
    targets: list(CandidateSettings, {
      description:
        'The targets. Those that are not chosen are asked in turn where the chosen one fails, then `fallback`.',
      minItems: 1,
    }),
    rules: list(RuleSettings, { description: 'Requests that go elsewhere; looked at before anything else.' }),
    sticky: choice(['none', 'user', 'conversation', 'prefix'], {
      description:
        'Requests of the same user, of the same conversation, or with the same beginning of a long prompt go to the same target while it is well, with `by: weight` and `by: load`.',
      default: 'none',
    }),
    complexity: Type.Optional(ComplexitySettings),
    cascade: Type.Optional(CascadeSettings),
    reference: Type.Optional(
      one(
        'What everything would be sent to without routing; savings are counted against it. Left out: the dearest target.',
      ),
    ),
  },
  { description: 'How one of several targets is chosen: [routing.md](routing.md).' },
);

export type RouteSettings = Static<typeof RouteSettings>;
export type RouteRuleSettings = Static<typeof RuleSettings>;
export type RouteConditionSettings = Static<typeof ConditionSettings>;

/** What a virtual model may say of it. */
export const routeFields = { route: Type.Optional(RouteSettings) };
