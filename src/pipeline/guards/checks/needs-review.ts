import type { GuardPolicySettings } from '../settings.ts';

const ACTION_KEYS: ReadonlySet<string> = new Set([
  'input',
  'output',
  'toolArguments',
  'toolResults',
  'retrieved',
  'action',
]);

/** Whether something of a policy may wait for somebody's approval, which takes a key that it is sealed with. */
function needsReview(policy: GuardPolicySettings): boolean {
  return policy.review !== undefined || asksForReview(policy);
}

function asksForReview(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  return members.some(
    ([key, member]) =>
      (member === 'review' && typeof key === 'string' && ACTION_KEYS.has(key)) || asksForReview(member),
  );
}

/** The names of policies that need what CAUSEWAY_MASTER_KEY is for, where it is not there. */
export function unsealedReviews(
  guards: ReadonlyMap<string, GuardPolicySettings>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if ((env['CAUSEWAY_MASTER_KEY'] ?? '') !== '') return [];
  return [...guards].flatMap(([name, policy]) => (needsReview(policy) ? [name] : []));
}
