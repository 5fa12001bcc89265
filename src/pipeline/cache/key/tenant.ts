import { type Call, header, targetName } from '../../../core/call.ts';
import type { CachePolicy } from '../../../core/caching.ts';

/** Headers that change what is answered; `headersOf` of known-tenants.ts has them, too. */
export const HEADERS = ['anthropic-version', 'anthropic-beta', 'openai-beta', 'x-causeway-simulate'] as const;

/**
 * Whose a call is and what it goes to, as one text; undefined where it is nobody's of those that the answers are for.
 * @param guardVersion changes with what is let through
 */
export function tenantOf(call: Call, policy: CachePolicy, guardVersion = ''): string | undefined {
  const { principal, assignment, facts } = call;
  const subject = subjectOf(call, policy);
  if (subject === undefined) return undefined;
  // One list, written as JSON, so that no value can pretend to be two.
  return JSON.stringify([
    principal?.organisation ?? null,
    principal?.project ?? null,
    policy.scope,
    subject,
    facts.model,
    assignment?.version ?? null,
    // Also of the stable arm of a canary: with a cache that was filled before the run it could not be compared.
    assignment?.arm ?? null,
    assignment?.promptVersion ?? null,
    assignment?.targets.map(targetName) ?? null,
    // What is asked for in another way may be answered by another model.
    assignment?.route ? (facts.prefer ?? null) : null,
    guardVersion,
    ...manner(call),
  ]);
}

/**
 * Whose a question is and of which virtual model, as one text, whatever that means for the call: the same in all arms.
 * Undefined as above.
 */
export function askerOf(call: Call, policy: CachePolicy): string | undefined {
  const { principal, facts } = call;
  const subject = subjectOf(call, policy);
  if (subject === undefined) return undefined;
  const whose = [principal?.organisation ?? null, principal?.project ?? null, policy.scope, subject];
  return JSON.stringify([...whose, facts.model, facts.prefer ?? null, ...manner(call)]);
}

/** Null where that is not asked. */
export function subjectOf({ principal, facts }: Call, { scope }: CachePolicy): string | null | undefined {
  return scope === 'project' ? null : scope === 'key' ? principal?.keyId : (principal?.user ?? facts.user);
}

/** How it is asked, beside the body. */
function manner(call: Call): unknown[] {
  const { dialect, operation, endpoint } = call;
  return [
    dialect,
    operation,
    // Where Gemini is asked says how, which is no other answer; paths of other operations say what shape it has.
    operation === 'chat' ? null : endpoint,
    HEADERS.map((name) => header(call, name) ?? null),
    queryOf(call),
  ];
}

/** Gemini's clients say there how they want a stream to be framed. */
function queryOf({ dialect, query }: Call): string {
  if (query === '' || dialect !== 'gemini') return query;
  return query
    .split('&')
    .filter((pair) => !/^(?:\$|%24)?alt=/.test(pair))
    .join('&');
}
