import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import { describedAs } from '../../../records/listing/described.ts';
import { type Query, refuseUnknown } from '../../../records/listing/query.ts';
import type { LimitRule } from './limit-rules.ts';
import { type LimitStanding, type StandingDeps, type SubjectStanding, standingOf } from './standing.ts';

export interface LimitRouteDeps extends StandingDeps {
  limits(): readonly LimitRule[];
  /** Nothing is written of limits: those that hold then. */
  areUsual(): boolean;
  /** All replicas count together. */
  readonly areShared: boolean;
}

/** Of one limit. */
const MOST_SUBJECTS = 10;

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const SubjectView = Type.Object({
  id: Type.String({ description: 'A user is shown as project/user' }),
  remaining: Type.Integer({ description: 'What may be used at once now: of the burst, or of the places' }),
  in_use: orNull(Type.Integer({ description: 'Requests under way; of a limit of those at a time' })),
  rested_in_ms: orNull(Type.Number({ description: 'Until all of the burst may be used again; of a rate' })),
});

const LimitView = Type.Object({
  text: Type.String({ description: 'In words, as refusals name it' }),
  origin: Type.Union([Type.Literal('file'), Type.Literal('default')], {
    description: 'default: no limits are written, and these hold',
  }),
  per: Type.String({ description: 'Whose requests are counted together' }),
  id: orNull(Type.String({ description: 'Only this one; null: each has one of its own' })),
  models: Type.Array(Type.String(), { description: 'Only of these; of all where empty' }),
  unit: Type.Union([Type.Literal('requests'), Type.Literal('tokens'), Type.Literal('concurrency')]),
  limit: Type.Integer({ description: 'In a window; of concurrency: at a time' }),
  window_ms: orNull(Type.Integer()),
  burst: Type.Integer({ description: 'What may be used at once after a pause' }),
  subjects: orNull(
    Type.Array(SubjectView, {
      description:
        'How those stand that sent most requests in the last 24 hours; null of addresses, and where it is not known',
    }),
  ),
});

const LimitList = Type.Object({
  data: Type.Array(LimitView),
  shared: Type.Boolean({ description: 'All replicas count together' }),
  next: Type.Null(),
});

const described = describedAs('limits');

/** `/admin/v1/limits`, for whoever operates the gateway. */
export function limitRoutes(deps: LimitRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/limits',
      described({ summary: 'Limits in force, and how those stand who send most' }, LimitList),
      async ({ query }): Promise<Static<typeof LimitList>> => {
        refuseUnknown(query, []);
        const origin = deps.areUsual() ? 'default' : 'file';
        const standings = await standingOf(deps, deps.limits(), MOST_SUBJECTS);
        return { data: standings.map((one) => limitView(one, origin)), shared: deps.areShared, next: null };
      },
    );
  };
}

function limitView({ rule, subjects }: LimitStanding, origin: 'file' | 'default'): Static<typeof LimitView> {
  const { text, per, only, modelNames, unit, limit, windowMs, burst } = rule;
  return {
    text,
    origin,
    per,
    id: only ?? null,
    models: [...modelNames],
    unit,
    limit,
    window_ms: unit === 'concurrency' ? null : windowMs,
    burst,
    subjects: subjects?.map((one) => subjectView(one, rule)) ?? null,
  };
}

function subjectView({ subject, state }: SubjectStanding, { unit }: LimitRule): Static<typeof SubjectView> {
  const isPlaces = unit === 'concurrency';
  return {
    id: subject,
    remaining: state.remaining,
    in_use: isPlaces ? state.reserved : null,
    rested_in_ms: isPlaces ? null : Math.ceil(state.resetMs),
  };
}
