import { type Operator, mayActAs } from '../../core/operator.ts';
import { isReservedName } from '../identity/names.ts';
import type { OidcSettings } from './settings.ts';

/** What an identity provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>>;

type RoleRule = OidcSettings['roles'][number];

const MOST_NAME = 200;

/** Who that is, by the rule that gives the highest role; undefined where no rule is true of them. */
export function operatorOfClaims(claims: Claims, { roles, nameClaim }: OidcSettings): Operator | undefined {
  const best = roles.filter((rule) => isTrueOf(rule, claims)).reduce<RoleRule | undefined>(higher, undefined);
  if (!best) return undefined;
  return { name: nameOf(claims, nameClaim), role: best.role, projects: best.projects, by: 'single-sign-on' };
}

/** Of equal ones the first. */
function higher(best: RoleRule | undefined, rule: RoleRule): RoleRule {
  return best && mayActAs(best.role, rule.role) ? best : rule;
}

/** Which claims have to be known. */
export function claimsNeeded({ roles, nameClaim }: OidcSettings): string[] {
  return [...new Set([nameClaim, ...roles.map(({ claim }) => claim)])];
}

/** Undefined where there is none, or nobody has looked whether it is true. */
export function claimOf(claims: Claims, name: string): unknown {
  // At some providers people write down any address of mail that they like.
  if (name === 'email' && claims['email_verified'] !== true) return undefined;
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>(memberOf, claims);
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Claims)[name] : undefined;
}

function isTrueOf({ claim, value }: RoleRule, claims: Claims): boolean {
  const pattern = patternOf(value);
  return [claimOf(claims, claim)].flat().some((one) => isPlain(one) && pattern.test(String(one)));
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function patternOf(value: string): RegExp {
  const parts = value.split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

export function nameOf(claims: Claims, nameClaim: string): string {
  const name = claimOf(claims, nameClaim);
  const shown = typeof name === 'string' && name.trim() !== '' ? name.trim() : String(claims['sub']);
  const whole = shown.slice(0, MOST_NAME).toWellFormed();
  // People may be called anything there, and the audit log must not mean something else by it.
  return isReservedName(whole) ? `${whole} (single sign-on)` : whole;
}
