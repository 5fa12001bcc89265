import { type Static, Type } from 'typebox';

import { Duration, Flag, Int, Num, Rate, Text, Usd, choice, list, named, section } from '../../config/fields.ts';

/** What a limit or a budget can be counted by. `model` is the name that the client asks for; `endpoint` the path. */
const BUDGET_DIMENSIONS = ['organisation', 'project', 'key', 'user', 'endpoint', 'model'] as const;
const LIMIT_DIMENSIONS = ['ip', ...BUDGET_DIMENSIONS] as const;

export type BudgetDimension = (typeof BUDGET_DIMENSIONS)[number];
export type LimitDimension = (typeof LIMIT_DIMENSIONS)[number];

const subject = (what: string) =>
  Type.Optional(
    Text({
      description: `Only this one: ${what} Left out: each has one of its own.`,
      examples: ['support'],
    }),
  );

/** One limit; a request has to be admitted by all that it falls under. */
export const LimitSettings = section(
  {
    per: choice(LIMIT_DIMENSIONS, {
      description:
        'Whose requests are counted together. A user is who the key belongs to, else who x-causeway-user or the body names; requests without one fall under no limit per user.',
    }),
    id: subject("an address, an organisation, a project, a key's id, a user, a path, a model."),
    requests: Type.Optional(Rate({ description: 'How many requests in a time.', examples: ['100/1m', '5000/1d'] })),
    tokens: Type.Optional(
      Rate({
        description:
          'How many tokens in a time, input and output together. What a request is expected to use is reserved when it comes, and what it did use is counted when it ends.',
        examples: ['100000/1m'],
      }),
    ),
    concurrency: Type.Optional(
      Int({ description: 'How many requests at the same time.', minimum: 1, maximum: 1_000_000 }),
    ),
    burst: Num({
      description:
        'What may be used at once after a pause, as a share of requests and of tokens; at least one request. In any time no more passes than the rate allows for it and this share.',
      minimum: 0,
      maximum: 1,
      default: 0.1,
    }),
    models: list(Text({ description: 'A model name, or the beginning of one with * at its end.' }), {
      description: 'Only requests for these models are counted and limited; for all where left out.',
    }),
  },
  {
    description: 'One limit.',
    oneOf: ['requests', 'tokens', 'concurrency'],
  },
);

export type LimitSettings = Static<typeof LimitSettings>;

/** Another virtual model once a budget is nearly used up. */
const DegradeSettings = section(
  {
    model: Text({ description: 'The virtual model that answers in place of the one asked for.', examples: ['cheap'] }),
    at: Num({ description: 'From which share of the budget on.', minimum: 0, maximum: 1, default: 0.9 }),
  },
  { description: 'A cheaper model from a share of the budget on, said in x-causeway-warnings.' },
);

export const BudgetSettings = section(
  {
    per: choice(BUDGET_DIMENSIONS, { description: 'Whose spending is counted together.' }),
    id: subject("an organisation, a project, a key's id, a user, a path, a model."),
    usd: Type.Optional(Usd({ description: 'Dollars that may be spent in a period.', examples: [100] })),
    tokens: Type.Optional(
      Int({ description: 'Tokens that may be used in a period, input and output together.', minimum: 1 }),
    ),
    period: choice(['day', 'week', 'month', 'total'], {
      description: 'How long it lasts. A week begins on Monday; total never begins anew.',
      default: 'month',
    }),
    timeZone: Text({
      description: 'Where midnight is meant.',
      default: 'UTC',
      examples: ['Asia/Shanghai'],
    }),
    hard: Flag({
      description:
        'Reserve the most that a request may cost before it is sent, so that the budget is never exceeded. Otherwise what such requests usually cost is reserved, and the last ones may go a little beyond.',
      default: false,
    }),
    alertAt: Type.Optional(
      list(Num({ description: 'A share of the budget.', minimum: 0, maximum: 10 }), {
        description: 'At which shares an event tells, once in a period each. Left out: 0.5, 0.8 and 1.',
      }),
    ),
    degradeTo: Type.Optional(DegradeSettings),
    atLimit: choice(['refuse', 'cap'], {
      description:
        'What becomes of a request that may cost more than is left of a hard budget: it is refused, or its answer is capped to what is left (at least 256 tokens).',
      default: 'refuse',
    }),
    paymentRequired: Flag({
      description: 'Refuse with 402 in place of 429; either way the SDKs are told not to try again.',
      default: false,
    }),
    maxOutputTokens: Type.Optional(
      Int({
        description:
          'The longest answer of a request under this budget, reasoning included: a larger max_tokens is lowered to it, and one that is missing is set. Without it, a request that sets none is reserved at the most that its model can write.',
        minimum: 1,
      }),
    ),
    settleAborted: Type.Optional(
      choice(['bound', 'received'], {
        description:
          'What an answer that was broken off counts for, since nobody reports its usage: the most that may be billed, or what was received of it. Left out: bound where hard, else received.',
      }),
    ),
  },
  { description: 'One budget.', oneOf: ['usd', 'tokens'] },
);

export type BudgetSettings = Static<typeof BudgetSettings>;

/** What holds while Redis is away. */
export const CountersSettings = section(
  {
    whenAway: choice(['local', 'open', 'closed'], {
      description:
        'Limits and soft budgets while Redis does not answer: each replica keeps its share by itself, everything passes, or nothing does.',
      default: 'local',
    }),
    hardBudgetsWhenAway: choice(['closed', 'local', 'open'], {
      description: 'The same for hard budgets. Only closed keeps what a hard budget promises.',
      default: 'closed',
    }),
    lease: Duration({
      description:
        'How long the counters hold what a replica has reserved after its last sign of life. What it had sent then counts as spent, what it had not is given back.',
      default: '15s',
      restart: true,
    }),
  },
  { description: 'The counters of limits and budgets, where REDIS_URL shares them between replicas.' },
);

export type CountersSettings = Static<typeof CountersSettings>;

const OrganisationSettings = section({
  projects: list(Text({ description: 'The name of a project.', examples: ['support'] }), {
    description: 'The projects that belong to it. A project belongs to one organisation at most.',
  }),
});

export type OrganisationSettings = Static<typeof OrganisationSettings>;

export const OrganisationsSettings = named(OrganisationSettings, {
  description: 'Organisations, and the projects in them. More may be made through the admin API.',
  names: /^\S+$/,
  namesAre: 'names without spaces, e.g. acme',
});

export const LimitsSettings = Type.Optional(
  list(LimitSettings, {
    description:
      'Rate limits; every one that a request falls under must admit it. Left out: 100 requests a minute per address (but this machine’s own), and per user 30 requests and 100,000 tokens a minute and 20 at a time. An empty list: none.',
  }),
);

export const BudgetsSettings = list(BudgetSettings, {
  description: 'Budgets. More may be made through the admin API; those that stand here cannot be changed there.',
});
