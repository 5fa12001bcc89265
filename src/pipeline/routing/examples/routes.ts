import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { GatewayError } from '../../../core/errors.ts';
import { TIERS } from '../../../core/routing.ts';
import { describedAs } from '../../../records/listing/described.ts';
import { invalid } from '../../../records/listing/query.ts';
import { questionOfText } from '../complexity/question.ts';
import type { ExampleStore, KeptExample } from './example-store.ts';
import type { Learner } from './learner.ts';

export interface ExampleRouteDeps {
  readonly store: Pick<ExampleStore, 'put' | 'delete' | 'counts'>;
  readonly learner: Pick<Learner, 'make'>;
  /** Names of the virtual models in force. */
  readonly models: () => readonly string[];
  /** How many examples of a virtual model this process goes by. */
  inForce(model: string): number;
  /** Brings what was changed here into force. */
  changed(): Promise<void>;
}

const MOST_AT_ONCE = 500;
const MOST_CHARS = 20_000;

const share = (description: string) => Type.Optional(Type.Number({ description, minimum: 0, maximum: 1 }));
const SENT = Type.Object({
  model: Type.String({ description: 'The virtual model' }),
  examples: Type.Array(
    Type.Object({
      text: Type.String({ description: 'What the user asked', minLength: 1, maxLength: MOST_CHARS }),
      small_ok: share("How good the small model's answer is, 0 to 1"),
      large_ok: share("How good the large model's answer is; 0.9 where absent"),
      tier: Type.Optional(
        Type.Union(
          TIERS.map((tier) => Type.Literal(tier)),
          { description: 'Your own word, where nobody knows how the models do' },
        ),
      ),
      source: Type.Optional(Type.Union([Type.Literal('admin'), Type.Literal('evaluation')])),
    }),
    { minItems: 1, maxItems: MOST_AT_ONCE },
  ),
});
type Sent = Static<typeof SENT>;

const Kept = Type.Object({ model: Type.String(), kept: Type.Integer({ description: 'How many were kept' }) });
const Counts = Type.Object({
  data: Type.Array(
    Type.Object({
      model: Type.String(),
      source: Type.String({ description: 'admin, feedback or evaluation' }),
      count: Type.Integer(),
      in_force: Type.Integer({ description: 'Of the model, from all sources, in this process' }),
    }),
  ),
  next: Type.Null(),
});
const ByModel = Type.Object({ model: Type.String({ description: 'The virtual model' }) });
const Gone = Type.Object({ model: Type.String(), deleted: Type.Integer() });

const described = describedAs('routing');

/** `/admin/v1/routing/examples`, for whoever holds the admin key. */
export function exampleRoutes(deps: ExampleRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get(
      '/admin/v1/routing/examples',
      described({ summary: 'How many labelled requests there are that routing by complexity goes by' }, Counts),
      async () => {
        const counts = await deps.store.counts();
        return { data: counts.map((one) => ({ ...one, in_force: deps.inForce(one.model) })), next: null };
      },
    );
    app.post<{ Body: Sent }>(
      '/admin/v1/routing/examples',
      described({ summary: 'Label requests; the same text again is the same example', body: SENT }, Kept),
      async ({ body }) => {
        const examples = await madeOf(deps, readSent(deps, body));
        await deps.store.put(examples);
        await deps.changed();
        return { model: body.model, kept: examples.length };
      },
    );
    app.delete<{ Params: { model: string } }>(
      '/admin/v1/routing/examples/:model',
      described({ summary: 'Delete all examples of a virtual model', params: ByModel }, Gone),
      async ({ params: { model } }) => {
        const deleted = await deps.store.delete(model);
        await deps.changed();
        return { model, deleted };
      },
    );
  };
}

/** The listing's own checks are off, so that its errors name the field; see `UNCHECKED`. */
function readSent({ models }: ExampleRouteDeps, body: unknown): Sent {
  const { model, examples } = (body ?? {}) as Partial<Sent>;
  if (typeof model !== 'string' || !models().includes(model)) {
    throw invalid('model', `must be a virtual model; there are: ${models().join(', ') || 'none'}`);
  }
  if (!Array.isArray(examples) || examples.length === 0 || examples.length > MOST_AT_ONCE) {
    throw invalid('examples', `must be a list of 1 to ${MOST_AT_ONCE} examples`);
  }
  for (const [at, one] of examples.entries()) requireExample(one, `examples[${at}]`);
  return { model, examples };
}

function requireExample(one: unknown, place: string): void {
  const { text, small_ok: smallOk, large_ok: largeOk, tier, source } = (one ?? {}) as Record<string, unknown>;
  if (typeof text !== 'string' || text.trim() === '' || text.length > MOST_CHARS) {
    throw invalid(`${place}.text`, `must be a text of 1 to ${MOST_CHARS} characters`);
  }
  for (const [name, value] of Object.entries({ small_ok: smallOk, large_ok: largeOk })) {
    const isShare = typeof value === 'number' && value >= 0 && value <= 1;
    if (value !== undefined && !isShare) throw invalid(`${place}.${name}`, 'must be a number from 0 to 1');
  }
  if (tier !== undefined && !TIERS.some((known) => known === tier)) {
    throw invalid(`${place}.tier`, `must be one of ${TIERS.join(', ')}`);
  }
  if (source !== undefined && source !== 'admin' && source !== 'evaluation') {
    throw invalid(`${place}.source`, 'must be admin or evaluation');
  }
  if (tier === undefined && smallOk === undefined) {
    throw invalid(place, 'must say small_ok or tier, or there is nothing to learn from it');
  }
}

async function madeOf({ learner }: ExampleRouteDeps, { model, examples }: Sent): Promise<KeptExample[]> {
  const kept: KeptExample[] = [];
  for (const { text, small_ok: smallOk, large_ok: largeOk, tier, source = 'admin' } of examples) {
    const made = await learner.make(model, questionOfText(text), { smallOk, largeOk, tier }, source);
    if (!made) {
      throw new GatewayError('gateway_overloaded', {
        message: 'No vectors of texts can be made now. Send the examples again in a while; none of them was kept.',
      });
    }
    kept.push(made);
  }
  return kept;
}
