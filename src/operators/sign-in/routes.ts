import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';

import type { Visitor } from '../../core/admin-request.ts';
import { requireSameOrigin } from '../door/same-site.ts';
import { sessionCookie } from '../sessions/cookie.ts';
import { operatorIn } from '../sessions/sessions.ts';
import { SessionView, sessionView } from '../sessions/views.ts';
import type { SignInDesk } from './sign-in-desk.ts';

export interface SignInRouteDeps {
  readonly desk: Pick<SignInDesk, 'withKey'>;
  readonly visitorOf: (request: FastifyRequest) => Visitor;
  /** Where the admin key is to be found. */
  readonly adminKeyIn: 'environment' | 'first_start';
  /** How it is called on the button, where there is single sign-on. */
  readonly signOn: () => { readonly name: string; readonly startUrl: string } | undefined;
}

const MOST_BYTES = 4096;
const Credentials = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 1000, description: 'The admin key, or a key of an operator' }) },
  { additionalProperties: false },
);
const Ways = Type.Object({
  key: Type.Literal(true),
  admin_key: Type.Union([Type.Literal('environment'), Type.Literal('first_start')], {
    description: 'Where it is from: CAUSEWAY_ADMIN_KEY, or what was printed at the first start',
  }),
  sso: Type.Union([Type.Object({ name: Type.String(), start_url: Type.String() }), Type.Null()]),
});

/** How to sign in, for everybody: `POST /admin/v1/session`, `GET /admin/v1/session/ways`. */
export function signInRoutes(deps: SignInRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
    app.get(
      '/admin/v1/session/ways',
      { schema: { summary: 'How to sign in', tags: ['operators'], security: [], response: { 200: Ways } } },
      () => {
        const sso = deps.signOn();
        const shown = sso ? { name: sso.name, start_url: sso.startUrl } : null;
        return { key: true as const, admin_key: deps.adminKeyIn, sso: shown };
      },
    );
    app.post<{ Body: Static<typeof Credentials> }>(
      '/admin/v1/session',
      {
        bodyLimit: MOST_BYTES,
        schema: {
          summary: 'Sign in with a key; the session is in a cookie',
          tags: ['operators'],
          security: [],
          body: Credentials,
          response: { 200: SessionView },
        },
        onRequest: (request, _reply, done) => {
          requireSameOrigin(deps.visitorOf(request));
          done();
        },
      },
      async (request, reply) => {
        const visitor = deps.visitorOf(request);
        const { token, session } = await deps.desk.withKey(request.body.key, visitor);
        return reply
          .headers({ 'set-cookie': sessionCookie(token, visitor.isHttps), 'cache-control': 'no-store' })
          .send(sessionView(operatorIn(session), session.expiresAt));
      },
    );
  };
}
