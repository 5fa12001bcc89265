import { useQuery } from '@tanstack/react-query';

import { ApiError } from './api-error.ts';
import { client } from './client.ts';
import { queryClient } from './query-client.ts';

export type Role = 'viewer' | 'editor' | 'admin';

export interface SessionOperator {
  readonly name: string;
  readonly role: Role;
  /** The only projects that this operator sees; all where null. */
  readonly projects: readonly string[] | null;
  readonly by: 'admin-key' | 'operator-key' | 'single-sign-on';
}

const SESSION_KEY = ['session'];
const RANKS: readonly Role[] = ['viewer', 'editor', 'admin'];

async function askSession(): Promise<SessionOperator | null> {
  try {
    const { data } = await client.GET('/admin/v1/session');
    return (data?.operator as SessionOperator | undefined) ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** Who is signed in; null for nobody. */
export function useSession() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: askSession, staleTime: 60_000 });
}

/** Whether the operator who is signed in may do what needs this role. */
export function useMay(needed: Role): boolean {
  const { data } = useSession();
  return data !== null && data !== undefined && RANKS.indexOf(data.role) >= RANKS.indexOf(needed);
}

/** Whether the operator sees all projects, and so what is of the whole gateway. */
export function useSeesAll(): boolean {
  return useSession().data?.projects === null;
}

let leftByChoice = false;
/** A session that is being ended must not take the next one with it. */
let ending = Promise.resolve();

/** Whether the last session was ended here, and did not end by itself or by somebody else. */
export function hasLeft(): boolean {
  return leftByChoice;
}

/** @throws ApiError where the key is not right, or too many were tried */
export async function signIn(key: string): Promise<void> {
  await ending;
  await client.POST('/admin/v1/session', { body: { key } });
  leftByChoice = false;
  forgetAnswers();
  await queryClient.invalidateQueries({ queryKey: SESSION_KEY });
}

const leaving = new Set<() => Promise<void>>();

/** For what has to be put away while the session still holds. */
export function beforeSignOut(run: () => Promise<void>): void {
  leaving.add(run);
}

export async function signOut(): Promise<void> {
  await Promise.all([...leaving].map((run) => run()));
  leftByChoice = true;
  // The pages go first: what they would still ask would be refused.
  queryClient.setQueryData(SESSION_KEY, null);
  forgetAnswers();
  ending = endSession();
  await ending;
}

/** Where it could not be ended, it is there again. */
async function endSession(): Promise<void> {
  try {
    await client.DELETE('/admin/v1/session');
  } catch {
    await queryClient.invalidateQueries({ queryKey: SESSION_KEY });
  }
}

/** What one operator was shown is not for the next. Who is signed in stays, since the frame looks at that. */
function forgetAnswers(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
}

/** A session that ended elsewhere: whoever looks at a page has to sign in again. */
export function forgetSession(): void {
  queryClient.setQueryData(SESSION_KEY, null);
}
