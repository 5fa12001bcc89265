import type { Call } from '../../../core/call.ts';
import type { CachePolicy } from '../../../core/caching.ts';
import { expectSame } from '../../../core/coming-again.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CacheKey } from './cache-key.ts';
import { canonicalForm } from './canonical.ts';
import { digest } from './digest.ts';
import { whyIneligible } from './eligible.ts';
import { type Tenant, knownTenant } from './known-tenants.ts';
import { leftOutOf } from './left-out.ts';
import { saysAll } from './plain-json.ts';
import { askerOf } from './tenant.ts';

/** Why a call is not cached, for people. */
export interface Ineligible {
  readonly ineligible: string;
}

/** The name of an answer, and of what was asked. */
export interface AskedKey extends CacheKey {
  /** See `CacheOutcome`. */
  readonly asked?: string | undefined;
}

const NOBODY: Ineligible = { ineligible: "it is nobody's of those that answers are kept for" };
const UNCLEAR: Ineligible = { ineligible: 'its body can be read in more than one way' };

/** The key that what is asked had for a tenant. */
interface Recent {
  readonly tenant: Tenant;
  readonly key: AskedKey;
}

/** By what was asked, which is the same object for bodies that come again: see `CallBody.comesAgain`. */
const RECENT = new WeakMap<JsonObject, Recent>();

/**
 * The name of the answer to a call: of who asks, of whom, and of everything in the request that changes what is
 * answered. Two calls with one id may be given one answer.
 *
 * @param guardVersion changes with what is let through
 * @throws request_invalid where the body has no readable facts
 */
export function keyOf(call: Call, policy: CachePolicy, guardVersion?: string): AskedKey | Ineligible {
  const { body } = call;
  const { resolved } = body;
  const tenant = knownTenant(call, policy, guardVersion);
  if (tenant !== undefined && isPlain(call)) {
    const recent = RECENT.get(resolved);
    if (recent?.tenant === tenant) return recent.key;
  }
  const ineligible = whyIneligible(call, resolved, policy);
  if (ineligible !== undefined) return { ineligible };
  if (tenant === undefined) return NOBODY;
  const asked = canonicalForm(resolved, leftOutOf(call, resolved), body.digests);
  if (asked === undefined || !saysAll(body)) return UNCLEAR;
  const { partition } = tenant;
  // A line break is in neither of the two.
  const id = digest(`${partition}\n${asked}`);
  return call.assignment?.arm === undefined
    ? { id, partition }
    : { id, partition, asked: questionOf(call, policy, asked) };
}

/** Says that a call's body may well be sent again: its key is found without reading it. */
export function expectAgain(call: Call, policy: CachePolicy, guardVersion: string | undefined, key: AskedKey): void {
  const { body } = call;
  if (RECENT.get(body.resolved)?.key === key) return;
  const tenant = isPlain(call) ? knownTenant(call, policy, guardVersion) : undefined;
  if (tenant === undefined) return;
  body.comesAgain();
  expectSame(body.resolved);
  RECENT.set(body.resolved, { tenant, key });
}

/** All that is asked stands in the body. */
function isPlain({ form, resource }: Call): boolean {
  return form === undefined && resource === undefined;
}

/** Of what the client itself says: an arm may have put a prompt or parameters of its own into the body. */
function questionOf(call: Call, policy: CachePolicy, asked: string): string | undefined {
  const { json, resolved } = call.body;
  const own = resolved === json ? asked : canonicalForm(json, leftOutOf(call, json), call.body.digests);
  return own === undefined ? undefined : digest(`${askerOf(call, policy)}\n${own}`);
}
