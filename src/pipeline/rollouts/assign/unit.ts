import type { Call } from '../../../core/call.ts';
import type { RolloutUnit } from '../settings.ts';

/** What is asked of a call to know who gets the same each time. */
export type Drawn = Pick<Call, 'id' | 'principal'> & {
  readonly facts: Pick<Call['facts'], 'user' | 'conversationId'>;
};

/** Whom a call is drawn for. Where it names no such user or conversation, its key stands in. */
export function unitOf(call: Drawn, by: RolloutUnit): string {
  if (by === 'request') return call.id;
  const { principal } = call;
  const key = principal?.keyId ?? call.id;
  if (by === 'key') return key;
  if (by === 'project') return principal?.project ?? key;
  if (by === 'user') return userOf(call) ?? key;
  return call.facts.conversationId ?? key;
}

/** Whoever holds a user's own key is that user. */
export function userOf({ principal, facts }: Pick<Drawn, 'principal' | 'facts'>): string | undefined {
  return principal?.user ?? facts.user;
}
