import { hash } from 'node:crypto';

import type { Call } from '../../../core/call.ts';
import type { CachePolicy } from '../../../core/caching.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import type { CacheKey } from './cache-key.ts';
import { canonicalForm } from './canonical.ts';
import { whyIneligible } from './eligible.ts';
import { leftOutOf } from './left-out.ts';
import { saysAll } from './plain-json.ts';
import { askerOf, tenantOf } from './tenant.ts';

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
  const ineligible = whyIneligible(call, resolved, policy);
  if (ineligible !== undefined) return { ineligible };
  const tenant = tenantOf(call, policy, guardVersion);
  if (tenant === undefined) return NOBODY;
  const asked = canonicalForm(resolved, leftOutOf(call, resolved));
  if (asked === undefined || !saysAll(body.raw, body.json)) return UNCLEAR;
  // A line break is in neither of the two, since both are JSON without white space.
  const key = { id: digest(`${tenant}\n${asked}`), partition: partitionOf(tenant) };
  return call.assignment?.arm === undefined ? key : { ...key, asked: questionOf(call, policy, asked) };
}

/** Of what the client itself says: an arm may have put a prompt or parameters of its own into the body. */
function questionOf(call: Call, policy: CachePolicy, asked: string): string | undefined {
  const { json, resolved } = call.body;
  const own = resolved === json ? asked : canonicalForm(json, leftOutOf(call, json));
  return own === undefined ? undefined : digest(`${askerOf(call, policy)}\n${own}`);
}

/** There are few tenants with many requests. */
const PARTITIONS = new GenerationalMap<string>(2000);

function partitionOf(tenant: string): string {
  let partition = PARTITIONS.get(tenant);
  if (partition === undefined) {
    partition = digest(tenant);
    PARTITIONS.set(tenant, partition);
  }
  return partition;
}

/** 32 hex digits. */
export function digest(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
