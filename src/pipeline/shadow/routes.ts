import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import { type Target, targetName } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { nanoToUsd } from '../../core/money.ts';
import { describedAs } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import { type Query, readLimit, readTextCursor, refuseUnknown, textCursor } from '../../records/listing/query.ts';
import type { ListedShadow, ShadowDefinition, Shadows } from './definition.ts';
import { reportOf } from './report/report.ts';
import { type BudgetStanding, ReportView, reportView } from './report/view.ts';
import { shadowSection } from './settings.ts';
import type { Tallies } from './tallies.ts';

/** Where shadows are made and taken away. */
interface ShadowDesk {
  /** In force when it resolves. @throws request_invalid, storage_unavailable */
  put(id: string, body: unknown): Promise<void>;
  /** @throws request_invalid where it stands in the configuration file, resource_not_found, storage_unavailable */
  remove(id: string): Promise<void>;
}

export interface ShadowRouteDeps {
  readonly shadows: Pick<Shadows, 'list'>;
  readonly desk: ShadowDesk;
  readonly tallies: Pick<Tallies, 'read'>;
  /** @throws counters_unavailable */
  standingOf(shadow: ShadowDefinition): Promise<BudgetStanding>;
}

const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const ById = Type.Object({ id: Type.String({ description: "The shadow's name" }) });
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const ShadowView = Type.Object({
  id: Type.String(),
  origin: Type.String({ description: 'file: it stands in causeway.yaml; admin: made through this API' }),
  model: orNull(Type.String({ description: 'The virtual model; null where the definition cannot be read any more' })),
  enabled: Type.Boolean(),
  in_force: Type.Boolean({ description: 'Whether requests are mirrored to it now, within its budget' }),
  problem: orNull(Type.String({ description: 'Why it is not in force; all that would be read of it is null then' })),
  definition: Type.Unknown({ description: 'As it was sent; null of what stands in causeway.yaml' }),
  set: Type.Unknown({ description: "In place of the model's own settings, as they were read: times in milliseconds" }),
  share: orNull(Type.Number()),
  concurrency: orNull(Type.Integer()),
  usd: orNull(Type.Number()),
  period: orNull(Type.String()),
  similarity: orNull(Type.Boolean()),
  judge: orNull(
    Type.Object({ target: Type.String(), sample: Type.Number(), rubric: Type.Union([Type.String(), Type.Null()]) }),
  ),
  run: orNull(Type.String({ description: 'Changes with what is compared; the report is of this run alone' })),
});
type ShadowView = Static<typeof ShadowView>;
const BODY = shadowSection(
  Type.Object(
    {},
    { additionalProperties: true, description: "In place of the model's own settings: fields of `models.<name>`" },
  ),
);
const ReportedView = Type.Object({ ...ShadowView.properties, report: orNull(ReportView) });
const Page = Type.Object({ data: Type.Array(ShadowView), next: Type.Union([Type.String(), Type.Null()]) });
const Gone = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });

const described = describedAs('shadows');

/** `/admin/v1/shadows`, for whoever holds the admin key. */
export function shadowRoutes(deps: ShadowRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    readRoutes(app, deps);
    changeRoutes(app, deps);
  };
}

function readRoutes(app: FastifyInstance, deps: ShadowRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/shadows',
    described({ summary: 'Shadows, by name', querystring: LISTING }, Page),
    ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const [limit, after] = [readLimit(query), readTextCursor(query)];
      const beyond = deps.shadows.list().filter(({ id }) => after === undefined || id > after);
      const sorted = beyond.toSorted((one, other) => (one.id < other.id ? -1 : 1));
      const { page, next } = pageOf(sorted, limit, ({ id }) => textCursor(id));
      return { data: page.map(shadowView), next };
    },
  );
  app.get<{ Params: Static<typeof ById>; Querystring: Query }>(
    '/admin/v1/shadows/:id',
    described({ summary: 'One shadow, and what it has found out', params: ById }, ReportedView),
    async ({ params: { id }, query }) => {
      refuseUnknown(query, []);
      const shadow = deps.shadows.list().find((one) => one.id === id);
      if (!shadow) throw new GatewayError('resource_not_found', { message: `There is no shadow "${id}".` });
      const { definition } = shadow;
      if (!definition) return { ...shadowView(shadow), report: null };
      const [arms, standing] = await Promise.all([deps.tallies.read(id, definition.run), deps.standingOf(definition)]);
      return { ...shadowView(shadow), report: reportView(reportOf(arms), standing) };
    },
  );
}

function changeRoutes(app: FastifyInstance, { desk, shadows }: ShadowRouteDeps): void {
  app.put<{ Params: Static<typeof ById>; Body: unknown }>(
    '/admin/v1/shadows/:id',
    described(
      {
        summary: 'Make a shadow, or replace it; with another candidate or judge, the report begins anew',
        params: ById,
        body: BODY,
      },
      ShadowView,
    ),
    async ({ params: { id }, body }) => {
      await desk.put(id, body);
      const shadow = shadows.list().find((one) => one.id === id);
      if (!shadow) throw new GatewayError('internal', { cause: new Error(`the shadow ${id} is stored and not there`) });
      return shadowView(shadow);
    },
  );
  app.delete<{ Params: Static<typeof ById> }>(
    '/admin/v1/shadows/:id',
    described({ summary: 'Delete a shadow, and what it has found out', params: ById }, Gone),
    async ({ params: { id } }) => {
      await desk.remove(id);
      return { id, deleted: true as const };
    },
  );
}

function shadowView({ id, origin, definition, problem, written }: ListedShadow): ShadowView {
  const { enabled = false, judge, nanoUsd } = definition ?? {};
  return {
    id,
    origin,
    model: definition?.model ?? null,
    enabled,
    in_force: enabled && problem === undefined,
    problem: problem ?? null,
    definition: written ?? null,
    set: definition ? plain(definition.set) : null,
    share: definition?.share ?? null,
    concurrency: definition?.concurrency ?? null,
    usd: nanoUsd === undefined ? null : nanoToUsd(nanoUsd),
    period: definition?.period ?? null,
    similarity: definition?.similarity ?? null,
    judge: judge ? { target: targetName(judge.target), sample: judge.sample, rubric: judge.rubric ?? null } : null,
    run: definition?.run ?? null,
  };
}

/** As JSON, with targets as they are written. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, one]) => [name, plain(one)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (isTarget(value)) return targetName(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

function isTarget(value: object): value is Target {
  const { provider, model } = { provider: undefined, model: undefined, ...value };
  return typeof provider === 'string' && typeof model === 'string' && Object.keys(value).length === 2;
}
