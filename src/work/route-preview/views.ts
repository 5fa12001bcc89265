import { type Static, type TSchema, Type } from 'typebox';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const maybe = (description: string) => Type.Optional(Type.String({ description }));

export const USUAL_SAMPLE = 500;
export const MOST_SAMPLE = 2000;

export const PreviewQuestion = Type.Object(
  {
    model: Type.String({ description: 'A virtual model' }),
    set: Type.Unknown({ description: 'What is proposed, as PUT /admin/v1/routes/:id takes it: { "route": … }' }),
    since: maybe('Only requests from this time on; a day ago where absent'),
    project: maybe('Only requests of this project'),
    sample: Type.Optional(
      Type.Integer({
        description: `The newest so many requests, ${MOST_SAMPLE} at most; ${USUAL_SAMPLE} where absent`,
      }),
    ),
  },
  { description: 'A route that is not in force' },
);

const SideView = Type.Object({
  targets: Type.Array(
    Type.Object({
      target: Type.String({ description: 'provider/model' }),
      requests: Type.Integer(),
      share: Type.Number({ description: '0 to 1' }),
    }),
    { description: 'Who is asked first, the most first' },
  ),
  cost_usd: Type.Number({ description: 'Of those whose cost is known' }),
  cost_unknown: Type.Integer({ description: 'Requests whose cost is not known: no price, or no recorded usage' }),
  unserved: Type.Integer({ description: 'Requests that no target can take, as far as is known of targets' }),
});
export type SideView = Static<typeof SideView>;

export const PreviewView = Type.Object({
  model: Type.String(),
  since: Type.String({ description: 'RFC 3339' }),
  of: Type.Integer({ description: 'Requests for the model since then' }),
  sampled: Type.Integer({ description: 'Of them, the newest, that were looked at' }),
  compared: Type.Integer({ description: 'Of them, those for which a target is chosen' }),
  is_cut: Type.Boolean({ description: 'The time was over before all of the sample were looked at' }),
  now: Type.Object(SideView.properties, { description: 'As recorded: who was asked first, and what it cost' }),
  proposed: SideView,
  changed: Type.Integer({ description: 'Requests that would be sent to another target first' }),
  moves: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), requests: Type.Integer() }), {
    description: 'The most first',
  }),
  examples: Type.Array(
    Type.Object({
      trace_id: Type.String(),
      from: Type.String(),
      to: Type.String(),
      reason_now: Type.String(),
      reason: Type.String({ description: 'Why it would go there' }),
    }),
  ),
  unserved_examples: Type.Array(
    Type.Object({
      trace_id: Type.String(),
      target: Type.String({ description: 'Who would be asked all the same' }),
      why: orNull(Type.String()),
    }),
    { description: 'As proposed' },
  ),
  left_out: Type.Array(Type.Object({ why: Type.String(), requests: Type.Integer() })),
  notes: Type.Array(Type.String(), { description: 'What the figures do not say' }),
});
export type PreviewView = Static<typeof PreviewView>;
