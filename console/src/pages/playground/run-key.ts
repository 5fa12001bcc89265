import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { beforeSignOut } from '../../api/session.ts';

interface RunKey {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly operator: string;
  readonly expiresAt: number;
}

const LIFE_MS = 3_600_000;
/** A key is not used to its last second: an answer may take a while. */
const SPARE_MS = 5 * 60_000;
const MAX_USER = 200;

/** In this page's memory and nowhere else. */
let kept: Promise<RunKey> | undefined;
let inHand: RunKey | undefined;

async function makeKey(project: string, operator: string): Promise<RunKey> {
  const expiresAt = Date.now() + LIFE_MS;
  const body = { project, user: operator.slice(0, MAX_USER), expiresAt: new Date(expiresAt).toISOString() };
  const { data } = await client.POST('/admin/v1/keys', { body });
  if (!data) throw new Error('no key was made');
  void askAgain('/admin/v1/keys');
  inHand = { id: data.id, key: data.key, project, operator, expiresAt };
  return inHand;
}

/**
 * An API key of this project, made at the first request: so that limits, guards, budgets and records are for this as
 * for any application. It ends by itself after an hour.
 * @throws ApiError where it may not be made
 */
export async function runKey(project: string, operator: string): Promise<string> {
  const known = inHand;
  const isGood = known?.project === project && known.operator === operator && known.expiresAt - Date.now() > SPARE_MS;
  if (!isGood && known) await forgetRunKey();
  // Columns that run at once share the one that is being made.
  kept ??= makeKey(project, operator);
  try {
    return (await kept).key;
  } catch (error) {
    kept = undefined;
    throw error;
  }
}

/** Revokes it. That it is not there any more is as good. */
export async function forgetRunKey(): Promise<void> {
  const known = inHand;
  inHand = undefined;
  kept = undefined;
  if (!known) return;
  await client
    .DELETE('/admin/v1/keys/{id}', { params: { path: { id: known.id } }, keepalive: true })
    .catch(() => undefined);
}

beforeSignOut(forgetRunKey);
// The page is left: the request goes on without it.
addEventListener('pagehide', () => void forgetRunKey());
