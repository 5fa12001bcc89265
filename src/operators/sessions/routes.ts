import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';

import type { Visitor } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import { operatorOf } from '../../core/operator.ts';
import { describedAs } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import { type Query, positionCursor, readLimit, readPosition, refuseUnknown } from '../../records/listing/query.ts';
import type { SignInDesk } from '../sign-in/sign-in-desk.ts';
import { endOfSessionCookie, sessionTokenOf } from './cookie.ts';
import type { Session, SessionStore } from './session-store.ts';
import type { Sessions } from './sessions.ts';
import { ListedSessionView, SessionView, listedSessionView, sessionView } from './views.ts';

export interface SessionRouteDeps {
  readonly sessions: Pick<Sessions, 'find' | 'end'>;
  readonly store: Pick<SessionStore, 'list'>;
  readonly desk: Pick<SignInDesk, 'signOut'>;
  readonly visitorOf: (request: FastifyRequest) => Visitor;
  /** Where somebody signs out who came by single sign-on; undefined where that cannot be said. */
  readonly signOutUrl: (visitor: Visitor) => Promise<string | undefined>;
  readonly now: () => number;
}

const described = describedAs('operators');
const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({ limit: asked('1 to 500, 50 where absent'), cursor: asked('`next` of the page before') });
const SessionList = Type.Object({ data: Type.Array(ListedSessionView), next: orNull('The `cursor` of the next page') });
const ById = Type.Object({ id: Type.String() });
const Ended = Type.Object({
  ended: Type.Boolean(),
  sign_out_url: orNull('Where to go on to, so that the session at the identity provider ends, too'),
});
const Gone = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });

/** Who is signed in: oneself at `/admin/v1/session`, everybody at `/admin/v1/sessions`. */
export function sessionRoutes(deps: SessionRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    ownRoutes(app, deps);
    allRoutes(app, deps);
  };
}

function ownRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  app.get('/admin/v1/session', described({ summary: 'Who asks, and what they may' }, SessionView), async (request) => {
    const session = await sessionOf(request, deps);
    return sessionView(operatorOf(request), session?.expiresAt);
  });
  app.delete('/admin/v1/session', described({ summary: 'Sign out' }, Ended), async (request, reply) => {
    const visitor = deps.visitorOf(request);
    const session = await sessionOf(request, deps);
    if (!session) return { ended: false, sign_out_url: null };
    await deps.desk.signOut(session, visitor);
    const url = session.signedInBy === 'single-sign-on' ? await deps.signOutUrl(visitor) : undefined;
    return reply.header('set-cookie', endOfSessionCookie(visitor.isHttps)).send({
      ended: true,
      sign_out_url: url ?? null,
    });
  });
}

function allRoutes(app: FastifyInstance, deps: SessionRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/sessions',
    described({ summary: 'Who is signed in, the latest first', querystring: LISTING }, SessionList),
    async (request) => {
      refuseUnknown(request.query, Object.keys(LISTING.properties));
      const limit = readLimit(request.query);
      const own = await sessionOf(request, deps);
      const found = await deps.store.list(new Date(deps.now()), limit + 1, readPosition(request.query));
      const { page, next } = pageOf(found, limit, ({ createdAt: at, tokenHash: id }) => positionCursor({ at, id }));
      return { data: page.map((session) => listedSessionView(session, own?.tokenHash)), next };
    },
  );
  app.delete<{ Params: Static<typeof ById> }>(
    '/admin/v1/sessions/:id',
    described({ summary: 'End a session of somebody', params: ById }, Gone),
    async ({ params: { id } }) => {
      if (!(await deps.sessions.end(id))) {
        throw new GatewayError('resource_not_found', { message: 'There is no such session.' });
      }
      return { id, deleted: true as const };
    },
  );
}

/** The session that a request came with; undefined where it came with a key. */
async function sessionOf(request: FastifyRequest, deps: SessionRouteDeps): Promise<Session | undefined> {
  if (request.headers.authorization !== undefined) return undefined;
  const { headers, isHttps } = deps.visitorOf(request);
  const token = sessionTokenOf(headers['cookie'], isHttps);
  return token === undefined ? undefined : deps.sessions.find(token);
}
