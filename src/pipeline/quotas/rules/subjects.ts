import type { Call } from '../../../core/call.ts';
import { clientNetwork } from '../../../core/network-address.ts';
import type { LimitDimension } from '../settings.ts';

/** Whose a call is, in each dimension; undefined where it is nobody's. */
export interface Subjects extends Readonly<Record<LimitDimension, string | undefined>> {
  /** The user without the project. Names of users are the projects' own, so that no project can use up another's. */
  readonly userName: string | undefined;
}

/** @throws request_invalid where the body has no readable facts */
export function subjectsOf(call: Call): Subjects {
  const { principal, assignment, clientIp, endpoint } = call;
  // A key that belongs to somebody cannot be used in another one's name.
  const userName = principal?.user ?? call.facts.user;
  const project = principal?.project;
  return {
    ip: clientNetwork(clientIp),
    organisation: principal?.organisation,
    project,
    key: principal?.keyId,
    user: userName === undefined ? undefined : `${project ?? ''}/${userName}`,
    userName,
    endpoint,
    model: assignment?.virtualModel ?? (call.facts.model || undefined),
  };
}

/**
 * Whose counter a rule uses for a call: its own where it is for one only, else the one of whose call it is; undefined
 * where it is not for this call.
 */
export function subjectFor(per: LimitDimension, only: string | undefined, subjects: Subjects): string | undefined {
  const subject = subjects[per];
  if (subject === undefined || only === undefined || subject === only) return subject;
  if (per === 'ip' && clientNetwork(only) === subject) return subject;
  // A user that is named without a project is the one of that name in any of them.
  return per === 'user' && subjects.userName === only ? only : undefined;
}

const OWN_NETWORK = clientNetwork('::1');

/** This machine itself, by what it is counted by: a proxy beside, or somebody who tries things out. */
export function isOwnAddress(ip: string | undefined): boolean {
  return ip === OWN_NETWORK || ip?.startsWith('127.') === true;
}
