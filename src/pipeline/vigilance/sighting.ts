import type { Call, Principal } from '../../core/call.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { type Subject, subjectName } from './subject.ts';

/** A call that ended, with what several rules ask of it. */
export interface Sighting {
  readonly call: Call;
  readonly record: CallRecord;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who the call is for: whom the key belongs to, else whom the client names. Undefined where nobody is named. */
  readonly user: Subject | undefined;
  /** Its name, see {@link subjectName}. */
  readonly userName: string | undefined;
}

/** Looks at calls that ended. */
export interface Rule {
  see(sighting: Sighting): void;
}

interface NamedUser {
  readonly user: Subject;
  readonly userName: string;
}

/** Whom keys belong to. A name that stays the same text is found much faster than one that is put together each time. */
const holders = new WeakMap<Principal, NamedUser>();

export function sightingOf(call: Call, record: CallRecord, at: number): Sighting {
  const { principal } = call;
  if (!principal) return { call, record, at, user: undefined, userName: undefined };
  const { user, userName } = holders.get(principal) ?? namedUser(principal, record.userId);
  return { call, record, at, user, userName };
}

function namedUser(principal: Principal, claimed: string | undefined): NamedUser | Record<keyof NamedUser, undefined> {
  const id = principal.user ?? claimed;
  if (id === undefined) return NOBODY;
  const user: Subject = { kind: 'user', id, project: principal.project };
  const named = { user, userName: subjectName(user) };
  if (principal.user !== undefined) holders.set(principal, named);
  return named;
}

const NOBODY = { user: undefined, userName: undefined };
