import { type Static, type TSchema, Type } from 'typebox';

import { VERDICT_OUTCOMES } from '../../../core/screening.ts';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = (description: string) => Type.String({ description });
const PLACES = 'input, output, tool-arguments, tool-results, retrieved';

const PolicyName = Type.Object({ name: Type.String(), version: Type.String() });

const VerdictView = Type.Object({
  policy: Type.String(),
  guard: Type.String(),
  place: text(PLACES),
  action: orNull(text('What the policy has it do there: flag, redact, block, review')),
  outcome: text(VERDICT_OUTCOMES.join(', ')),
  score: orNull(Type.Number({ description: '0 to 1' })),
  threshold: orNull(Type.Number({ description: 'From which score on a text counts' })),
  found: Type.Record(Type.String(), Type.Number(), { description: 'How often each category was found' }),
  micros: Type.Number({ description: 'How long it took' }),
  detail: Type.Unknown({ description: 'Such as why it failed or was not asked' }),
});

const FoundView = Type.Object({
  policy: Type.String(),
  guard: Type.String(),
  place: text(PLACES),
  path: text('Where the text stands in the request, a JSON pointer; empty of an answer'),
  category: Type.String(),
  score: Type.Number(),
  counts: Type.Boolean({ description: 'Whether its score reaches the threshold' }),
  start: Type.Integer({ description: 'In UTF-16 units of the text; of JSON, of its values as lines' }),
  end: Type.Integer(),
  text: text('What stands there, cut where it is long'),
});

export const ACTIONS = ['passed', 'flagged', 'redacted', 'review', 'failed', 'blocked'] as const;

export const TryView = Type.Object({
  side: Type.String(),
  policies: Type.Array(PolicyName, { description: "The project's first" }),
  action: text(`What would come of it: ${ACTIONS.join(', ')}`),
  message: orNull(text('What the client would be told, where it is refused')),
  verdicts: Type.Array(VerdictView),
  found: Type.Array(FoundView, { description: 'What guards that scan found, and where' }),
  text: orNull(text('As it would go on; null where it would not, or is a whole request')),
  body: Type.Unknown({ description: 'The request as it would go on; null where it would not, and of answers' }),
  unread: Type.Array(Type.String(), { description: 'What the request has that guards cannot read' }),
  judges: Type.Object({
    asked: Type.Boolean(),
    not_asked: Type.Array(Type.String(), { description: 'Guards that would ask a model or a service, and did not' }),
  }),
});
export type TryView = Static<typeof TryView>;

const GuardView = Type.Object({
  name: Type.String(),
  kind: text(
    'scan: it looks by itself; judge: it asks a model or a service; check: it holds a request or an answer against rules',
  ),
  asks: orNull(text('Of a judge: provider/model, or a service of guardServices')),
  actions: Type.Record(Type.String(), Type.String(), {
    description: `By place (${PLACES}): off, flag, redact, block, review`,
  }),
  threshold: orNull(Type.Number()),
  roles: orNull(Type.Array(Type.String(), { description: 'Whose texts it looks at; null = all' })),
  on_failure: orNull(text('open or closed: whether a call goes on where it fails')),
});

export const PolicyView = Type.Object({
  name: Type.String(),
  version: text('Changes with its settings and with the program'),
  guards: Type.Array(GuardView),
  on_failure: Type.String(),
  unscreened: text('allow or refuse: what guards cannot read'),
  reversible: Type.Boolean({ description: 'What was replaced in a request comes back in its answer' }),
  models: Type.Array(Type.String(), { description: 'Virtual models that name it' }),
  projects: Type.Array(Type.String(), { description: 'Projects that name it' }),
  unsealed: Type.Boolean({
    description: 'What it would have wait for somebody is refused: CAUSEWAY_MASTER_KEY is not set',
  }),
});
export type PolicyView = Static<typeof PolicyView>;
export const PolicyList = Type.Object({ data: Type.Array(PolicyView), next: Type.Null() });
