import { ApiError } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { useSession } from '../../api/session.ts';

/** What is said with a decision, as it is filled in. */
export interface Words {
  readonly by: string;
  readonly note: string;
  readonly message: string;
}

export const NO_WORDS: Words = { by: '', note: '', message: '' };

type Decision =
  | { readonly action: 'approve' }
  | { readonly action: 'reject' }
  | { readonly action: 'edit'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly action: 'edit'; readonly answer: string };

function common({ by, note }: Words) {
  return { ...(by.trim() !== '' && { by: by.trim() }), ...(note.trim() !== '' && { note: note.trim() }) };
}

async function send(id: string, decision: Decision, words: Words): Promise<void> {
  const params = { path: { id } };
  if (decision.action === 'approve') {
    await client.POST('/admin/v1/reviews/{id}/approve', { params, body: common(words) });
  } else if (decision.action === 'reject') {
    const { message } = words;
    const body = { ...common(words), ...(message.trim() !== '' && { message: message.trim() }) };
    await client.POST('/admin/v1/reviews/{id}/reject', { params, body });
  } else {
    const { action: _, ...edited } = decision;
    await client.POST('/admin/v1/reviews/{id}/edit', { params, body: { ...common(words), ...edited } });
  }
}

/** What is refused may be so because somebody else decided: then the page shows it. @throws ApiError */
export async function decide(id: string, decision: Decision, words: Words): Promise<void> {
  try {
    await send(id, decision, words);
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 409) void askAgain('/admin/v1/reviews');
    throw thrown;
  }
  await askAgain('/admin/v1/reviews');
}

/** The admin key is nobody: whoever holds it says who they are. */
export function useIsNameless(): boolean {
  return useSession().data?.by === 'admin-key';
}
