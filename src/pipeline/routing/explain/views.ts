import { type Static, type TSchema, Type } from 'typebox';

import { PREFERENCES, TIERS } from '../../../core/routing.ts';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const maybe = (description: string) => Type.Optional(Type.String({ description }));
const aNumber = (description: string) => orNull(Type.Number({ description }));

export const USUAL_ENDPOINT = '/v1/chat/completions';

export const ExplainQuestion = Type.Object(
  {
    endpoint: maybe(`The path that the request is for, such as /v1/messages; ${USUAL_ENDPOINT} where absent`),
    body: Type.Unknown({ description: 'The request, as it would be sent there' }),
    project: maybe('Of whose key it would be'),
    user: maybe('As in x-causeway-user'),
    conversation: maybe('As in x-causeway-conversation'),
    prefer: maybe(`As in x-causeway-prefer: ${PREFERENCES.join(', ')}`),
    metadata: Type.Optional(Type.Unknown({ description: 'As in x-causeway-metadata' })),
    budget_used: Type.Optional(Type.Number({ description: 'Of its budgets, 0 to 1; 0 where absent' })),
  },
  { description: 'A request that is not sent' },
);

const CandidateView = Type.Object({
  target: Type.String({ description: 'provider/model' }),
  weight: Type.Number(),
  quality: aNumber('As the operator says'),
  tiers: Type.Array(Type.String({ description: TIERS.join(', ') })),
  cannot: orNull(Type.String({ description: 'What it is known not to be able to do for this request' })),
  left_alone: Type.Boolean({ description: 'It failed too often, or is not loaded' }),
  in_flight: Type.Integer({ description: 'Attempts under way in this process' }),
  ttft_ms: aNumber('Until the first token of streamed answers, lately'),
  latency_ms: aNumber('Until the end of whole answers, lately'),
  cost_usd: aNumber('Expected for this request; null where the price is not known'),
  output_tokens: Type.Integer({ description: 'Expected of the answer' }),
});

const RuleView = Type.Object({
  name: Type.String(),
  holds: Type.Boolean(),
  failing: orNull(Type.String({ description: 'The first condition that does not hold; `unless` where that does' })),
});

const CascadeView = Type.Object({
  to: Type.String({ description: 'The better model, provider/model' }),
  way: Type.String({
    description:
      '`cascade`: it is asked where the first answer is not sure enough; `skip`: it is asked at once; `none`: the first answer stands unchecked',
  }),
  why: orNull(Type.String({ description: 'Why it is asked at once' })),
});

export const ExplainView = Type.Object({
  model: Type.String({ description: 'As it was asked for' }),
  virtual_model: orNull(Type.String()),
  policy: orNull(Type.String({ description: 'By what the first target was chosen; null where there is one alone' })),
  target: orNull(Type.String({ description: 'It would be asked first' })),
  reason: Type.String({ description: 'As the trace would have it' }),
  rule: orNull(Type.String({ description: 'The rule that holds' })),
  tier: orNull(Type.String({ description: TIERS.join(', ') })),
  score: aNumber('How demanding it is, 0 to 1'),
  targets: Type.Array(Type.String(), { description: 'In the order in which they would be asked' }),
  confined: Type.Boolean({ description: 'It goes to these and, whatever fails, to nobody else' }),
  rollouts: Type.Array(Type.Object({ kind: Type.String(), id: Type.String(), arm: Type.String() }), {
    description: 'The flags, experiments, canaries and routes of the admin API that it is for',
  }),
  input_tokens: Type.Integer({ description: 'About' }),
  cascade: orNull(CascadeView),
  candidates: Type.Array(CandidateView, { description: 'In that order' }),
  rules: Type.Array(RuleView, { description: 'In the order in which they are looked at' }),
});
export type ExplainView = Static<typeof ExplainView>;
