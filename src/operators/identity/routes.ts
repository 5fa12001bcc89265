import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { GatewayError } from '../../core/errors.ts';
import { operatorOf } from '../../core/operator.ts';
import { UNCHECKED } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import { type Query, positionCursor, readLimit, readPosition, refuseUnknown } from '../../records/listing/query.ts';
import { UUID } from '../uuid.ts';
import { isReservedName } from './names.ts';
import type { OperatorKeyStore, StoredOperatorKey } from './operator-key-store.ts';

export interface OperatorRouteDeps {
  readonly store: Pick<OperatorKeyStore, 'create' | 'list' | 'find' | 'revoke'>;
  /** A key was made here: be in force at once. Never rejects: what was made stands, and is found by all soon. */
  readonly made: () => Promise<void>;
  /** A key was revoked here: it and its sessions open nothing from now on. Never rejects. */
  readonly revoked: (id: string) => Promise<void>;
  readonly now: () => number;
}

const RoleName = Type.Union([Type.Literal('viewer'), Type.Literal('editor'), Type.Literal('admin')]);
const Name = Type.String({ minLength: 1, maxLength: 200 });
const orNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Moment = Type.String({ format: 'date-time' });
const NewOperator = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: String.raw`\S`,
      description: 'Shown, and written into the audit log',
    }),
    role: RoleName,
    projects: Type.Optional(
      Type.Array(Name, { minItems: 1, maxItems: 100, description: 'The only projects that a viewer sees' }),
    ),
    expires_at: Type.Optional(Type.String({ description: 'RFC 3339, in the future' })),
  },
  { additionalProperties: false },
);
const OperatorView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: RoleName,
  projects: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'null = all' }),
  hint: Type.String({ description: 'The last four characters' }),
  created_at: Moment,
  created_by: Type.String(),
  expires_at: orNull(Moment),
  revoked_at: orNull(Moment),
});
const OperatorList = Type.Object({ data: Type.Array(OperatorView), next: orNull(Type.String()) });
const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({ limit: asked('1 to 500, 50 where absent'), cursor: asked('`next` of the page before') });
const ById = Type.Object({ id: Type.String() });
type ById = { Params: Static<typeof ById> };

/** `/admin/v1/operators`: keys of people and programs that run the gateway. */
export function operatorRoutes(deps: OperatorRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    makeRoute(app, deps);
    readRoutes(app, deps);
    revokeRoute(app, deps);
  };
}

function makeRoute(app: FastifyInstance, { store, made, now }: OperatorRouteDeps): void {
  app.post<{ Body: Static<typeof NewOperator> }>(
    '/admin/v1/operators',
    {
      schema: {
        summary: 'Make a key for an operator; it is shown in this answer and never again',
        tags: ['operators'],
        body: NewOperator,
        response: { 201: Type.Object({ ...OperatorView.properties, key: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { name, role, projects, expires_at: expiry } = request.body;
      if (projects && role !== 'viewer') {
        throw invalid('projects', 'Only viewers are held to projects. Leave `projects` out, or make it a viewer.');
      }
      if (isReservedName(name)) {
        throw invalid('name', `The audit log calls something else "${name.trim()}". Give the operator another name.`);
      }
      const key = await store.create({
        name: name.trim(),
        role,
        projects: projects && [...new Set(projects)],
        expiresAt: readExpiry(expiry, now()),
        createdBy: operatorOf(request).name,
      });
      await made();
      return reply.code(201).send({ ...viewOf(key), key: key.key });
    },
  );
}

function readRoutes(app: FastifyInstance, { store }: OperatorRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/operators',
    {
      schema: {
        summary: 'Keys of operators, newest first',
        tags: ['operators'],
        querystring: LISTING,
        response: { 200: OperatorList },
      },
      ...UNCHECKED,
    },
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const limit = readLimit(query);
      const found = await store.list(limit + 1, readPosition(query, UUID));
      const { page, next } = pageOf(found, limit, ({ createdAt: at, id }) => positionCursor({ at, id }));
      return { data: page.map(viewOf), next };
    },
  );
  app.get<ById>(
    '/admin/v1/operators/:id',
    {
      schema: {
        summary: "One operator's key, without the key",
        tags: ['operators'],
        params: ById,
        response: { 200: OperatorView },
      },
    },
    async ({ params: { id } }) => {
      const found = await store.find(id);
      if (!found) throw notFound(`There is no operator "${id}".`);
      return viewOf(found);
    },
  );
}

function revokeRoute(app: FastifyInstance, { store, revoked }: OperatorRouteDeps): void {
  app.delete<ById>(
    '/admin/v1/operators/:id',
    {
      schema: {
        summary: "Revoke an operator's key, and end its sessions",
        tags: ['operators'],
        params: ById,
        response: { 200: Type.Object({ id: Type.String(), deleted: Type.Literal(true) }) },
      },
    },
    async ({ params: { id } }) => {
      if (!(await store.revoke(id))) throw notFound(`There is no live key of an operator "${id}".`);
      await revoked(id);
      return { id, deleted: true as const };
    },
  );
}

function viewOf(key: StoredOperatorKey): Static<typeof OperatorView> {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    projects: key.projects && [...key.projects],
    hint: key.hint,
    created_at: key.createdAt.toISOString(),
    created_by: key.createdBy,
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}

function readExpiry(text: string | undefined, now: number): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (at.getTime() > now) return at;
  throw invalid('expires_at', '`expires_at` must be a time to come in RFC 3339, e.g. 2030-01-31T00:00:00Z.');
}

function invalid(param: string, message: string): GatewayError {
  return new GatewayError('request_invalid', { message, param });
}

function notFound(message: string): GatewayError {
  return new GatewayError('resource_not_found', { message });
}
