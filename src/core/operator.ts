import { GatewayError } from './errors.ts';

/** What a person or a program may do with the gateway itself, each role all that those before it may. */
export const ROLES = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** How somebody proved who they are. */
export type SignedInBy = 'admin-key' | 'operator-key' | 'single-sign-on';

/** Somebody who runs the gateway, or looks at how it runs: not a client that asks models. */
export interface Operator {
  /** As it is shown and written into the audit log, e.g. an e-mail address; `admin key` for whoever holds that. */
  readonly name: string;
  readonly role: Role;
  /** The only projects that are shown to them; all where absent. Only viewers are held to projects. */
  readonly projects: readonly string[] | undefined;
  readonly by: SignedInBy;
}

/** Whether a role may do what another one may. */
export function mayActAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** @throws auth_forbidden */
export function requireRole({ role }: Operator, needed: Role): void {
  if (mayActAs(role, needed)) return;
  throw new GatewayError('auth_forbidden', { message: `This needs the role ${needed}; you are ${role}.` });
}

const known = new WeakMap<object, Operator>();

/** Says who asks: the guard of the admin API, once for each request. */
export function setOperator(request: object, operator: Operator): void {
  known.set(request, operator);
}

/** Who asks, of a request that the guard has let in. */
export function operatorOf(request: object): Operator {
  const operator = known.get(request);
  if (operator) return operator;
  throw new TypeError('nobody has looked at who sends this request');
}
