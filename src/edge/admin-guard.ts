import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { type Admission, type Visitor, wasChanged } from '../core/admin-request.ts';
import { GatewayError } from '../core/errors.ts';
import { type Operator, operatorOf, setOperator } from '../core/operator.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { StatesBefore } from './states-before.ts';
import { visitorOf } from './visitor.ts';

type GuardDeps = Pick<EdgeDeps, 'operators' | 'limits'>;

/** Lets operators alone pass, each as far as their role goes, and notes what they change. */
export function guardAdmin(admin: FastifyInstance, deps: GuardDeps): void {
  admit(admin, deps);
  note(admin, deps);
}

function admit(admin: FastifyInstance, deps: GuardDeps): void {
  const { operators, limits } = deps;
  const admissions = new WeakMap<FastifyRequest, Admission>();
  const looked = new WeakSet<FastifyRequest>();

  admin.addHook('onRequest', async (request) => {
    const visitor = visitorOf(request, limits.trustedProxies);
    let operator: Operator | undefined;
    try {
      operator = await operators.identify(visitor);
      setOperator(request, operator);
      admissions.set(request, admissionOf(request, operator, deps));
    } catch (thrown) {
      await noteRefusal(thrown, { request, visitor, operator }, deps);
      throw thrown;
    }
  });
  admin.addHook('preSerialization', async (request, _reply, answer) => {
    const { shown } = admissions.get(request) ?? {};
    looked.add(request);
    return shown ? shown(answer) : answer;
  });
  admin.addHook('onSend', async (request, _reply, payload) => {
    // What was never an object could not be looked at.
    if (admissions.get(request)?.shown && !looked.has(request)) throw new GatewayError('auth_forbidden');
    return payload;
  });
}

function admissionOf(request: FastifyRequest, operator: Operator, { operators }: GuardDeps): Admission {
  const query = request.query as Readonly<Record<string, unknown>>;
  const admission = operators.admit(operator, { method: request.method, route: routeOf(request), query });
  if (admission.query) request.query = admission.query;
  return admission;
}

function note(admin: FastifyInstance, { operators, limits }: GuardDeps): void {
  const states = new StatesBefore(admin);
  const isChange = (request: FastifyRequest): boolean => operators.isChange(request.method, routeOf(request));

  admin.addHook('onRoute', ({ method, url }) => states.add(method, url));
  admin.addHook('preHandler', async (request) => {
    if (isChange(request)) await states.take(request);
  });
  admin.addHook('onSend', async (request, { statusCode }: FastifyReply, payload) => {
    if (!isChange(request) || (statusCode >= 400 && !wasChanged(request))) return payload;
    await operators.note({
      visitor: visitorOf(request, limits.trustedProxies),
      operator: operatorOf(request),
      route: routeOf(request),
      url: request.url,
      status: statusCode,
      before: states.of(request),
      after: request.method !== 'DELETE' && typeof payload === 'string' ? payload : undefined,
    });
    return payload;
  });
}

interface Refused {
  readonly request: FastifyRequest;
  readonly visitor: Visitor;
  readonly operator: Operator | undefined;
}

/** Somebody tried to change something who may not. */
async function noteRefusal(thrown: unknown, refused: Refused, { operators }: GuardDeps): Promise<void> {
  const { request, visitor, operator } = refused;
  const route = routeOf(request);
  if (!(thrown instanceof GatewayError) || !isRefusal(thrown) || !operators.isChange(request.method, route)) return;
  const { status } = thrown;
  await operators.note({ visitor, operator, route, url: request.url, status, before: undefined, after: undefined });
}

function isRefusal({ status }: GatewayError): boolean {
  return status === 401 || status === 403;
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? '';
}
