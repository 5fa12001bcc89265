import type { Call } from '../../../core/call.ts';
import type { RolloutUnit } from '../settings.ts';

/** What is asked of a call to know who gets the same each time. */
export type Drawn = Pick<Call, 'id' | 'principal'> & {
  readonly facts: Pick<Call['facts'], 'user' | 'conversationId'>;
};

/** Whom a call is drawn for. Where it names no such user or conversation, its key stands in. */
export function unitOf({ id, principal, facts }: Drawn, by: RolloutUnit): string {
  if (by === 'request' || !principal) return id;
  const { keyId, project } = principal;
  if (by === 'project') return project;
  const name = by === 'key' ? undefined : by === 'user' ? userOf({ principal, facts }) : facts.conversationId;
  return name === undefined ? keyId : nameIn(project, name);
}

/** Users and conversations are a project's own. */
export function nameIn(project: string, name: string): string {
  return `${project}/${name}`;
}

/** Whoever holds a user's own key is that user. */
export function userOf({ principal, facts }: Pick<Drawn, 'principal' | 'facts'>): string | undefined {
  return principal?.user ?? facts.user;
}
