import type { Assignment, Call, Principal, Target } from '../../../core/call.ts';
import type { CachePolicy } from '../../../core/caching.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import { digest } from './digest.ts';
import { subjectOf, tenantOf } from './tenant.ts';

/** Whose calls are and what they go to: the same object for as many calls as it is known for. */
export interface Tenant {
  /** Of {@link tenantOf}. */
  readonly partition: string;
}

/** All that a tenant is made of, and what decides whether its calls have a key. */
interface Known {
  readonly tenant: Tenant;
  readonly policy: CachePolicy;
  readonly assignment: Assignment | undefined;
  readonly guardVersion: string | undefined;
  readonly subject: string | null;
  readonly model: string;
  readonly prefer: Call['facts']['prefer'];
  readonly manner: Pick<Call, 'dialect' | 'operation' | 'endpoint' | 'query'>;
  readonly headers: KnownHeaders;
}

/** A key asks for few models in few ways. */
const MOST_OF_ONE = 8;
/** Of those that are worked out again all the same: users of one key, say. */
const MOST = 2000;
const NOBODY: Principal = { keyId: '', project: '', user: undefined, models: undefined };

/** Those of a principal, for as long as it is the same object: it is made anew when its key changes. */
const BY_PRINCIPAL = new WeakMap<Principal, Known[]>();
const BY_TEXT = new GenerationalMap<Known>(MOST);

/**
 * The tenant of a call, worked out once for all calls that have in common what it is made of.
 * @returns undefined where it is nobody's of those that the answers are for
 */
export function knownTenant(call: Call, policy: CachePolicy, guardVersion: string | undefined): Tenant | undefined {
  const subject = subjectOf(call, policy);
  if (subject === undefined) return undefined;
  const principal = call.principal ?? NOBODY;
  const all = BY_PRINCIPAL.get(principal);
  if (all !== undefined) {
    for (const known of all) if (isOf(known, call, policy, guardVersion, subject)) return known.tenant;
  }
  const text = tenantOf(call, policy, guardVersion);
  if (text === undefined) return undefined;
  let known = BY_TEXT.get(text);
  if (known === undefined || !isOf(known, call, policy, guardVersion, subject)) {
    known = learn(call, policy, guardVersion, subject, text);
    BY_TEXT.set(text, known);
  }
  if (all === undefined) BY_PRINCIPAL.set(principal, [known]);
  else if (all.unshift(known) > MOST_OF_ONE) all.pop();
  return known.tenant;
}

function learn(
  { facts, assignment, dialect, operation, endpoint, query, headers }: Call,
  policy: CachePolicy,
  guardVersion: string | undefined,
  subject: string | null,
  text: string,
): Known {
  return {
    tenant: { partition: digest(text) },
    policy,
    assignment,
    guardVersion,
    subject,
    model: facts.model,
    prefer: facts.prefer,
    manner: { dialect, operation, endpoint, query },
    headers: headersOf(headers),
  };
}

function isOf(
  { policy, assignment, guardVersion, subject, model, prefer, manner, headers }: Known,
  call: Call,
  wantedPolicy: CachePolicy,
  wantedVersion: string | undefined,
  wantedSubject: string | null,
): boolean {
  return (
    policy === wantedPolicy &&
    guardVersion === wantedVersion &&
    subject === wantedSubject &&
    model === call.facts.model &&
    prefer === call.facts.prefer &&
    manner.dialect === call.dialect &&
    manner.operation === call.operation &&
    manner.endpoint === call.endpoint &&
    manner.query === call.query &&
    isSameAssignment(assignment, call.assignment) &&
    areSameHeaders(headers, call)
  );
}

/** The values of `HEADERS`. */
interface KnownHeaders {
  readonly version: string | undefined;
  readonly beta: string | undefined;
  readonly openAiBeta: string | undefined;
  readonly simulate: string | undefined;
}

function headersOf(headers: Call['headers']): KnownHeaders {
  return {
    version: firstOf(headers['anthropic-version']),
    beta: firstOf(headers['anthropic-beta']),
    openAiBeta: firstOf(headers['openai-beta']),
    simulate: firstOf(headers['x-causeway-simulate']),
  };
}

/** Each is read where it is named, which is what is fast. */
function areSameHeaders({ version, beta, openAiBeta, simulate }: KnownHeaders, { headers }: Call): boolean {
  return (
    version === firstOf(headers['anthropic-version']) &&
    beta === firstOf(headers['anthropic-beta']) &&
    openAiBeta === firstOf(headers['openai-beta']) &&
    simulate === firstOf(headers['x-causeway-simulate'])
  );
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Assignments are made anew for calls: what of them is in the tenant, and in what has no key, is compared. */
function isSameAssignment(one: Assignment | undefined, other: Assignment | undefined): boolean {
  if (one === other) return true;
  return (
    one !== undefined &&
    other !== undefined &&
    one.version === other.version &&
    one.arm === other.arm &&
    one.promptVersion === other.promptVersion &&
    one.passThroughCredentials === other.passThroughCredentials &&
    (one.route === undefined) === (other.route === undefined) &&
    areSameTargets(one.targets, other.targets)
  );
}

function areSameTargets(some: readonly Target[], others: readonly Target[]): boolean {
  if (some === others) return true;
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at += 1) {
    const [one, other] = [some[at], others[at]];
    if (one !== other && (one?.provider !== other?.provider || one?.model !== other?.model)) return false;
  }
  return true;
}
