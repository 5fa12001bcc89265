import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Visitor } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import { UNCHECKED } from '../../records/listing/described.ts';
import { cookieOf, sessionCookie } from '../sessions/cookie.ts';
import type { Attempts } from '../sign-in/attempts.ts';
import type { SignInDesk } from '../sign-in/sign-in-desk.ts';
import { PAGE_HEADERS, type PageReason, refusalPage, statusOf } from './page.ts';
import { ATTEMPT_MS, CALLBACK, type SignOn, SignOnRefused } from './sign-on.ts';

export interface SignOnRouteDeps {
  readonly signOn: Pick<SignOn, 'start' | 'finish'>;
  readonly desk: Pick<SignInDesk, 'letIn' | 'refused'>;
  readonly attempts: Pick<Attempts, 'require' | 'succeeded'>;
  readonly visitorOf: (request: FastifyRequest) => Visitor;
  readonly log: { warn(facts: object, message: string): void };
}

export const START = '/admin/v1/session/sso/start';
const COOKIE = 'causeway_sign_on';

/** Sign-in at the identity provider, for browsers: there and back. */
export function signOnRoutes(deps: SignOnRouteDeps): (app: FastifyInstance) => void {
  const { signOn, desk, attempts } = deps;
  return (app) => {
    app.get<{ Querystring: { readonly to?: unknown } }>(
      START,
      described('Sign in at the identity provider; `to` is where in the console to go on'),
      (request, reply) =>
        withPage(request, reply, deps, async (visitor) => {
          const { url, sealed } = await signOn.start(visitor, request.query.to);
          return reply.header('set-cookie', attemptCookie(sealed, visitor)).redirect(url, 303);
        }),
    );
    app.get(CALLBACK, described('Where the identity provider sends people back to'), (request, reply) =>
      withPage(request, reply, deps, async (visitor) => {
        attempts.require(visitor.address);
        const sealed = cookieOf(visitor.headers['cookie'], nameOf(visitor)) ?? '';
        const { identified, to } = await signOn.finish(sealed, searchOf(request));
        const { token } = await desk.letIn(identified, visitor);
        attempts.succeeded(visitor.address);
        const cookies = [sessionCookie(token, visitor.isHttps), attemptCookie('', visitor)];
        return reply.headers({ 'set-cookie': cookies, 'cache-control': 'no-store' }).redirect(to, 303);
      }),
    );
  };
}

function described(summary: string) {
  return { schema: { summary, tags: ['operators'], security: [] }, ...UNCHECKED };
}

type Step = (visitor: Visitor) => Promise<FastifyReply>;

/** Whoever is refused sits before a browser. */
async function withPage(request: FastifyRequest, reply: FastifyReply, deps: SignOnRouteDeps, step: Step) {
  const visitor = deps.visitorOf(request);
  try {
    return await step(visitor);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    const who = error instanceof SignOnRefused ? error.who : undefined;
    if (reason === 'not_proved' || reason === 'no_role') {
      deps.log.warn(
        { err: error, address: visitor.address, who },
        'somebody could not sign in at the identity provider',
      );
      await deps.desk.refused(visitor, reason, who);
    }
    return reply.status(statusOf(reason)).headers(PAGE_HEADERS).send(refusalPage(reason, who));
  }
}

function reasonOf(error: unknown): PageReason | undefined {
  if (error instanceof SignOnRefused) return error.why;
  if (!(error instanceof GatewayError)) return undefined;
  if (error.code === 'limit_requests') return 'too_many';
  return error.code === 'storage_unavailable' ? 'storage' : undefined;
}

/** Sent when somebody comes back from another site, so that it is laxer than the session's own. */
function attemptCookie(sealed: string, visitor: Visitor): string {
  const maxAge = sealed === '' ? 0 : ATTEMPT_MS / 1000;
  const secure = visitor.isHttps ? '; Secure' : '';
  return `${nameOf(visitor)}=${sealed}; Path=/; HttpOnly; SameSite=Lax${secure}; Max-Age=${maxAge}`;
}

function nameOf({ isHttps }: Visitor): string {
  return isHttps ? `__Host-${COOKIE}` : COOKIE;
}

function searchOf({ url }: FastifyRequest): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}
